import type { Actor } from "../audit/actor";
import type { Services } from "../services";
import { createApiToken, type NewApiToken, type TokenOptions } from "./api-tokens";

interface Token {
  name: string;
  link: string;
  /** The host by which the owner knows this site. */
  site: string;
}

/** The mail to the token's owner, in the account's language. */
const words = {
  en: ({ name, link, site }: Token) => ({
    subject: "A new API token for your account",
    text: `An API token “${name}” was created in your name at ${site}. If it was not you, revoke it and set a new password:\n\n${link}\n`,
  }),
  ru: ({ name, link, site }: Token) => ({
    subject: "Новый API-токен в вашем аккаунте",
    text: `От вашего имени на сайте ${site} создан API-токен «${name}». Если это были не вы, отзовите его и задайте новый пароль:\n\n${link}\n`,
  }),
};

/** Makes a token and mails its owner, so that a token made with a stolen session is noticed. */
export async function issueApiToken(
  { db, env, mail }: Pick<Services, "db" | "env" | "mail">,
  options: TokenOptions & { actor: Actor },
): Promise<NewApiToken> {
  const token = await createApiToken({ db }, options);
  const { email, locale } = await db.user.findUniqueOrThrow({
    where: { id: token.userId },
    select: { email: true, locale: true },
  });
  // Not awaited: a mail server that hangs must not delay the page.
  const told = { name: token.name, link: `${env.APP_URL}/admin/tokens`, site: new URL(env.APP_URL).host };
  void mail.send({ to: email, ...words[locale === "en" ? "en" : "ru"](told) });
  return token;
}
