import type { CheckId } from "./check";
import type { CheckWords } from "./check-words";

/** The lines of the checklist about the site's own surroundings, in English. */
export const siteWords: Record<CheckId & ("database" | "mail"), CheckWords> = {
  database: {
    title: "Database",
    ok: () => "The database knows capital letters of all alphabets.",
    bad: () => ({
      what: "The database knows no capital letters but the Latin ones: “анна” does not find “Анна”.",
      todo: "Make a backup, recreate the database with createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0, and restore it. Registrations work without it.",
    }),
    skip: "Not asked: this needs the database.",
  },
  mail: {
    title: "E-mail",
    ok: ({ log }) =>
      log ? "In development e-mails are written to the log." : "The connection to the mail server works.",
    bad: ({ smtp, held }) => ({
      what: smtp
        ? `Could not connect or sign in to the mail server (${smtp}).`
        : "No e-mail can be sent: no mail server is set.",
      todo: held
        ? "Check SMTP_URL and MAIL_FROM. Registrations wait until people confirm their address, and without e-mail they cannot."
        : "Check SMTP_URL and MAIL_FROM. Without e-mail people cannot confirm an address or reset a password.",
    }),
  },
};
