import { endAlerts } from "../notices/alert-ends";
import { AlertSender } from "../notices/alert-sender";
import type { Services } from "../services";

interface Desk<Mail> {
  services: Pick<Services, "db" | "env" | "log" | "mail">;
  mails: Mail[];
}

/** The mails of a harness, once everything that administrators are to be told of has been sent. */
export async function alertMails<Mail>({ services, mails }: Desk<Mail>): Promise<Mail[]> {
  await endAlerts(services);
  await new AlertSender(services).runDue();
  return mails;
}
