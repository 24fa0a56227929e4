import type { Actor } from "../audit/actor";
import type { Services } from "../services";
import { createApiToken, type NewApiToken, type TokenOptions } from "./api-tokens";

/** The mail to the token's owner, in the account's language. */
const words = {
  en: (name: string, link: string) => ({
    subject: "A new API token for your account",
    text: `The API token “${name}” was created in a session of your account. If it was not you, revoke it and set a new password:\n\n${link}\n`,
  }),
  ru: (name: string, link: string) => ({
    subject: "Новый API-токен в вашем аккаунте",
    text: `Под вашим именем создан API-токен «${name}». Если это были не вы, отзовите его и задайте новый пароль:\n\n${link}\n`,
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
  void mail.send({ to: email, ...words[locale === "en" ? "en" : "ru"](token.name, `${env.APP_URL}/admin/tokens`) });
  return token;
}
