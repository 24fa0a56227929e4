import type { Prisma } from "../../prisma/generated/client";
import type { TokenScope } from "../auth/token-scopes";
import { holdsUntilConfirmed } from "../confirmation/confirmation";
import { canMail } from "../platform/mail";
import type { Services } from "../services";
import { type OperatorView, operatorOf } from "./operator";

/** What the privacy page states, from the same settings that the product obeys. */
export interface PrivacySettings {
  operator: OperatorView;
  /** Address of the operator's own policy. */
  policy: string | null;
  eraseMode: "delete" | "anonymise" | "keep";
  sendsMail: boolean;
  /** The CRM is told only after the address is confirmed. */
  holdsUntilConfirmed: boolean;
  /** Managers get mails about people who have registered. */
  tellsManagers: boolean;
  /** Other programs of the operator are told of people by webhooks, or read them by API tokens. */
  tellsPrograms: boolean;
  /** Messages to webhooks are kept here for a while. */
  sendsToPrograms: boolean;
  /** In days; 0: never erased automatically, or kept for ever. */
  days: { withdrawn: number; unconfirmed: number; unpaid: number; log: number; audit: number };
}

/** By these permissions a program learns of people; registering them tells it nothing that it did not know. */
const tellingScopes: TokenScope[] = ["read", "payments", "registrations"];

const readsByToken = (now: Date): Prisma.ApiTokenWhereInput => ({
  revokedAt: null,
  expiresAt: { gt: now },
  scopes: { hasSome: tellingScopes },
  user: { role: "ADMIN" },
});

export async function privacySettings({ db, env }: Pick<Services, "db" | "env">): Promise<PrivacySettings> {
  const [webhooks, tokens] = await Promise.all([
    db.webhook.count(),
    db.apiToken.count({ where: readsByToken(new Date()) }),
  ]);
  return { ...statedBy(env), tellsPrograms: webhooks + tokens > 0, sendsToPrograms: webhooks > 0 };
}

const statedBy = (env: Services["env"]): Omit<PrivacySettings, "tellsPrograms" | "sendsToPrograms"> => ({
  operator: operatorOf(env),
  policy: env.PRIVACY_POLICY_URL ?? null,
  eraseMode: env.ERASE_IN_CRM,
  sendsMail: canMail(env),
  holdsUntilConfirmed: holdsUntilConfirmed(env),
  tellsManagers: canMail(env) && env.MANAGER_MAIL === "on" && env.MANAGER_EMAILS.length > 0,
  days: {
    withdrawn: env.RETAIN_WITHDRAWN_DAYS,
    unconfirmed: env.RETAIN_UNCONFIRMED_DAYS,
    unpaid: env.RETAIN_UNPAID_DAYS,
    log: env.RETAIN_LOG_DAYS,
    audit: env.RETAIN_AUDIT_DAYS,
  },
});
