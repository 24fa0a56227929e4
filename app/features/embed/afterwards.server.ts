import type { Locale } from "~/i18n/locale";
import { holdsUntilConfirmed } from "~server/confirmation/confirmation";
import type { Env } from "~server/platform/env";

const words = {
  en: {
    sent: "Your application is sent to our team automatically, usually within seconds.",
    email: "We will send your application to our team as soon as you have confirmed your e-mail.",
    review: "Your application is checked before it is sent to our team; you need not do anything.",
  },
  ru: {
    sent: "Заявка сама уйдёт сотруднику, обычно за несколько секунд.",
    email: "Передадим заявку сотруднику, как только вы подтвердите почту.",
    review: "Перед передачей сотруднику мы проверим заявку — от вас ничего не требуется.",
  },
};

/**
 * What becomes of an application that was sent from another site's page, in words: the page need not load those that do not
 * apply. A hold that the person can lift is named first.
 */
export const afterwards = (env: Env, { locale, isReviewed }: { locale: Locale; isReviewed: boolean }): string =>
  words[locale][holdsUntilConfirmed(env) ? "email" : isReviewed ? "review" : "sent"];
