import type { ActorKind } from "../../prisma/generated/client";
import type { TokenScope } from "../auth/token-scopes";

/** Who acts. Written with every payment change and audit entry; the role was read from the database for this request. */
export type Actor =
  | {
      kind: "USER";
      id: number;
      role: "USER" | "ADMIN";
      /**
       * An administrator who has to set up the second factor first (ADMIN_TOTP=required). The role is USER until then, so
       * that a route or procedure that does not check this field grants no administrator's rights.
       */
      mustEnrol?: true;
    }
  /** An administrator's API token: id is the token's, userId its owner's, scopes what it may do. */
  | { kind: "TOKEN"; id: number; userId: number; role: "ADMIN"; scopes: TokenScope[] }
  | { kind: "BITRIX24"; id: null; role: "SYSTEM" }
  | { kind: "SYSTEM"; id: null; role: "SYSTEM" };

export const systemActor: Actor = { kind: "SYSTEM", id: null, role: "SYSTEM" };

/** An actor as history shows it: by kind and id, never by name. */
export interface ActorRef {
  kind: ActorKind;
  id: number | null;
}

/** Names an actor among others, for example in a table of their names. */
export const actorKey = ({ kind, id }: ActorRef): string => `${kind}:${id ?? ""}`;
