import { type Mailbox, startMailbox } from "../../e2e/mail/mailbox";
import type { Alert } from "../alerts/kinds";
import { raiseAlert } from "../alerts/raise";
import { AlertSender } from "../notices/alert-sender";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createMail } from "../platform/mail";
import { createTestDatabase } from "./database";
import { startReceiver } from "./receiver";

export const botToken = "123456:AAExampleTokenOfABotWithEnoughLetters";

/** A database, a mail server and another program's server: what alerts need, with processes over them. */
export async function createAlertHarness() {
  const [database, mailbox, receiver] = await Promise.all([createTestDatabase(), startMailbox(), startReceiver()]);
  const { db } = database;
  let seen = 0;
  return {
    db,
    mailbox,
    receiver,
    /** The mails since the last reset. */
    mails: (): Mailbox["mails"] => mailbox.mails.slice(seen),
    /** What the other program has got. */
    bodies: () => receiver.received.map(({ body }) => JSON.parse(body)),
    messages: () => db.alertMessage.findMany({ orderBy: { id: "asc" } }),
    telegram: () => ({
      ALERT_TELEGRAM_TOKEN: botToken,
      ALERT_TELEGRAM_CHAT: "-1001",
      ALERT_TELEGRAM_API: `http://127.0.0.1:${receiver.port}`,
    }),
    address: () => ({ ALERT_URL: receiver.url, WEBHOOK_INTERNAL_HOSTS: "127.0.0.1" }),
    /** A process with these channels; without any named, it has mail alone. */
    desk(environment: Record<string, string> = { ALERT_EMAIL: "ops@example.com" }) {
      const lines: string[] = [];
      const log = createLog("debug", { write: (line) => void lines.push(line) });
      const mailed = { SMTP_URL: mailbox.smtpUrl, MAIL_FROM: "desk@example.com", ALERT_LANGUAGE: "en" };
      const env = parseEnv({ ...mailed, ...environment });
      const deps = { db, env, log, mail: createMail(env, log) };
      return {
        ...deps,
        lines,
        send: () => new AlertSender(deps).runDue(),
        raise: (alert: Alert) => raiseAlert(deps, alert),
      };
    },
    /** As if all waits were over. */
    async makeDue() {
      await db.alert.updateMany({ where: { dueAt: { not: null } }, data: { dueAt: new Date(0) } });
      await db.alertMessage.updateMany({ where: { state: "pending" }, data: { nextAttemptAt: new Date(0) } });
    },
    async reset() {
      mailbox.refuse(false);
      seen = mailbox.mails.length;
      receiver.received.length = 0;
      receiver.answer = (_, response) => void response.writeHead(204).end();
      await db.alert.deleteMany();
      await db.alertMessage.deleteMany();
      await db.user.deleteMany();
    },
    close: () => Promise.all([database.drop(), mailbox.close(), receiver.close()]),
  };
}
