/** Settings of which one has no sense without mails. Raw values: some may be invalid. */
interface Settings {
  NODE_ENV?: unknown;
  SMTP_URL?: unknown;
  MAIL_FROM?: unknown;
  EMAIL_CONFIRMATION?: unknown;
  RETAIN_UNCONFIRMED_DAYS?: unknown;
}

/** What does not fit together about mails. */
export function mailFaults(settings: Settings): { name: keyof Settings; message: string }[] {
  const faults: { name: keyof Settings; message: string }[] = [];
  const add = (name: keyof Settings, message: string) => faults.push({ name, message });
  const { SMTP_URL: server, EMAIL_CONFIRMATION: confirmation, RETAIN_UNCONFIRMED_DAYS: days } = settings;
  const isMute = server === undefined && settings.NODE_ENV === "production";

  if (server !== undefined && settings.MAIL_FROM === undefined) add("MAIL_FROM", "required with SMTP_URL");
  // Without mail no address could be confirmed, and no registration would reach the CRM.
  if (isMute && confirmation === "required") add("EMAIL_CONFIRMATION", "required needs SMTP_URL");
  // Everybody would be erased for what nobody was asked to do.
  const isAsked = !isMute && confirmation !== "off" && (confirmation !== undefined || server !== undefined);
  if (typeof days === "number" && days > 0 && !isAsked)
    add(
      "RETAIN_UNCONFIRMED_DAYS",
      "needs SMTP_URL, and EMAIL_CONFIRMATION that is not off: otherwise no e-mail asks people to confirm their address",
    );
  return faults;
}
