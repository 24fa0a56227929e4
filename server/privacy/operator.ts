import type { Env } from "../platform/env";

/** Who runs the site and answers for people's data. Null where the setting is missing. */
export interface OperatorView {
  name: string | null;
  address: string | null;
  email: string | null;
}

export const operatorOf = (env: Pick<Env, "OPERATOR_NAME" | "OPERATOR_ADDRESS" | "OPERATOR_EMAIL">): OperatorView => ({
  name: env.OPERATOR_NAME ?? null,
  address: env.OPERATOR_ADDRESS ?? null,
  email: env.OPERATOR_EMAIL ?? null,
});
