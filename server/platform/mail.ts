import { createTransport } from "nodemailer";
import type { Env } from "./env";
import type { Logger } from "./log";
import { parseSender } from "./sender";

export interface MailMessage {
  to: string;
  subject: string;
  text: string;
  /** Names the message in its headers, so that a mail which is sent a second time can be recognised as the same one. */
  id?: string;
  /** Subject and text hold something of a person: the log names the mail by its id only. */
  isPersonal?: boolean;
}

export interface Mail {
  /** True if the mail server accepted the message; failures are logged, never thrown. `signal` ends the attempt. */
  send(message: MailMessage, signal?: AbortSignal): Promise<boolean>;
}

type MailEnv = Pick<Env, "SMTP_URL" | "MAIL_FROM" | "NODE_ENV">;

/** Whether mails can be sent. In development they are written to the log. */
export const canMail = (env: Pick<MailEnv, "SMTP_URL" | "NODE_ENV">): boolean =>
  env.SMTP_URL !== undefined || env.NODE_ENV !== "production";

/** A mail is ended by then, however slowly the server answers. */
export const mailLimitMs = 75_000;
/** After this time a mail counts as abandoned, and another process may send it. Longer than an attempt can take. */
export const mailClaimMs = mailLimitMs + 15_000;

/** For each answer: a mail server that gives none must not hold a connection for nodemailer's default of ten minutes. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/**
 * Mail over SMTP_URL. Without it: written to the log in development, so that a link can be followed, and dropped with
 * a warning in production.
 */
export function createMail(env: MailEnv, log: Logger, most = mailLimitMs): Mail {
  const transport = env.SMTP_URL ? createTransport({ url: env.SMTP_URL, ...timeouts }) : undefined;
  const from = parseSender(env.MAIL_FROM ?? "") ?? undefined;
  return {
    async send({ to, subject, text, id, isPersonal = false }, ended) {
      const named = isPersonal ? { id } : { subject };
      if (transport) {
        try {
          const messageId =
            id === undefined ? {} : { messageId: `<${id}@${from?.address.split("@").at(-1) ?? "localhost"}>` };
          const limit = AbortSignal.timeout(most);
          const signal = ended ? AbortSignal.any([limit, ended]) : limit;
          await transport.sendMail({ from, to, subject, text, signal, ...messageId });
          return true;
        } catch (error) {
          // The error contains the recipient in several fields.
          log.error({ code: (error as { code?: unknown }).code, ...named }, "mail was not sent");
          return false;
        }
      }
      if (env.NODE_ENV === "production") {
        log.warn(named, "mail is not configured: message dropped");
        return false;
      }
      log.info(isPersonal ? named : { subject, text }, "mail (not sent: SMTP_URL is unset)");
      return true;
    },
  };
}

/** Whether the mail server accepts our sign-in: "ok", an error code, or null if none is configured. Never throws. */
export async function checkMail(env: Pick<MailEnv, "SMTP_URL">): Promise<string | null> {
  if (!env.SMTP_URL) return null;
  const transport = createTransport({ url: env.SMTP_URL, ...timeouts });
  try {
    await transport.verify();
    return "ok";
  } catch (error) {
    return String((error as { code?: unknown }).code ?? "FAILED");
  } finally {
    transport.close();
  }
}
