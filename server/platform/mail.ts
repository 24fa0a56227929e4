import { createTransport } from "nodemailer";
import type { Env } from "./env";
import type { Logger } from "./log";

export interface Mail {
  /** Resolves when the server has accepted the message; failures are logged, never thrown: no caller can mend them. */
  send(message: { to: string; subject: string; text: string }): Promise<void>;
}

/**
 * Mail over SMTP_URL. Without it: written to the log in development, so that a reset link can be followed, and
 * dropped with a warning in production.
 */
export function createMail(env: Pick<Env, "SMTP_URL" | "MAIL_FROM" | "NODE_ENV">, log: Logger): Mail {
  const transport = env.SMTP_URL ? createTransport(env.SMTP_URL) : undefined;
  return {
    async send({ to, subject, text }) {
      if (transport) {
        try {
          await transport.sendMail({ from: env.MAIL_FROM, to, subject, text });
        } catch (error) {
          log.error({ err: error, subject }, "mail was not sent");
        }
      } else if (env.NODE_ENV === "production") log.warn({ subject }, "mail is not configured: message dropped");
      else log.info({ subject, text }, "mail (not sent: SMTP_URL is unset)");
    },
  };
}
