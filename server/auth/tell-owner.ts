import { takeMailTurn } from "../confirmation/mail-limits";
import type { Locale } from "../platform/locales";
import { canMail } from "../platform/mail";
import type { Services } from "../services";

/** What has become of the ways into an account. */
type AccountChange = "password" | "factorOn" | "factorOff" | "codes";

interface Told {
  /** The host by which the owner knows this site. */
  site: string;
  /** Where another password is asked for. */
  link: string;
}

/** The mail to the account's owner, in the account's language. */
const words: Record<Locale, Record<AccountChange, (told: Told) => { subject: string; text: string }>> = {
  en: {
    password: ({ site, link }) => ({
      subject: "The password of your account was changed",
      text: `The password of your account at ${site} was changed. If it was not you, set another one:\n\n${link}\n`,
    }),
    factorOn: ({ site, link }) => ({
      subject: "The second factor of your account was turned on",
      text: `The second factor of your account at ${site} was turned on. If it was not you, set a new password and ask the operator of the site to remove it:\n\n${link}\n`,
    }),
    factorOff: ({ site, link }) => ({
      subject: "The second factor of your account was turned off",
      text: `The second factor of your account at ${site} was turned off. If it was not you, set a new password and turn it on again:\n\n${link}\n`,
    }),
    codes: ({ site, link }) => ({
      subject: "New recovery codes for your account",
      text: `New recovery codes for your account at ${site} were created, and the earlier ones no longer work. If it was not you, set a new password:\n\n${link}\n`,
    }),
  },
  ru: {
    password: ({ site, link }) => ({
      subject: "Пароль вашего аккаунта изменён",
      text: `Пароль вашего аккаунта на сайте ${site} изменён. Если это были не вы, задайте другой пароль:\n\n${link}\n`,
    }),
    factorOn: ({ site, link }) => ({
      subject: "В вашем аккаунте включён второй фактор",
      text: `В вашем аккаунте на сайте ${site} включён второй фактор. Если это были не вы, задайте новый пароль и попросите владельца сайта отключить второй фактор:\n\n${link}\n`,
    }),
    factorOff: ({ site, link }) => ({
      subject: "В вашем аккаунте отключён второй фактор",
      text: `В вашем аккаунте на сайте ${site} отключён второй фактор. Если это были не вы, задайте новый пароль и включите второй фактор снова:\n\n${link}\n`,
    }),
    codes: ({ site, link }) => ({
      subject: "Новые резервные коды для вашего аккаунта",
      text: `Для вашего аккаунта на сайте ${site} созданы новые резервные коды, прежние больше не действуют. Если это были не вы, задайте новый пароль:\n\n${link}\n`,
    }),
  },
};

export const ownerColumns = { email: true, locale: true } as const;

/**
 * Mails the owner after the change, so that one made by an intruder is noticed. Three times within an hour, because an address
 * that is not confirmed may be another person's. The mail is not waited for.
 */
export async function tellOwner(
  { db, env, mail }: Pick<Services, "db" | "env" | "mail">,
  { email, locale }: { email: string; locale: string },
  change: AccountChange,
): Promise<void> {
  if (!canMail(env)) return;
  // The change is made already: a database that is gone by now neither fails it nor keeps it from the owner.
  if (!(await takeMailTurn(db, env, { kind: "account", email }).catch(() => true))) return;
  const told = { site: new URL(env.APP_URL).host, link: `${env.APP_URL}/forgot` };
  void mail.send({ to: email, ...words[locale === "en" ? "en" : "ru"][change](told) });
}
