import type { Locale } from "~/i18n/locale";
import { holdsUntilConfirmed } from "~server/confirmation/confirmation";
import type { Form } from "~server/forms/forms";
import { isFree } from "~server/forms/offer";
import type { Env } from "~server/platform/env";

const words = {
  en: {
    account: "You are signed in at once and see your account.",
    sent: "Your application is sent to our team automatically, usually within seconds.",
    held: "Confirm your e-mail, and we will send your application to our team.",
    reviewed: "Your application is checked before it is sent to our team; you need not do anything.",
    payment: "Our team gets in touch with you about payment.",
  },
  ru: {
    account: "Вы сразу попадёте в личный кабинет.",
    sent: "Заявка сама уйдёт сотруднику, обычно за несколько секунд.",
    held: "Подтвердите почту, и мы передадим заявку сотруднику.",
    reviewed: "Перед передачей сотруднику мы проверим заявку — от вас ничего не требуется.",
    payment: "С вами свяжутся по поводу оплаты.",
  },
};

interface Asked {
  form: Form;
  locale: Locale;
  /** This browser has proved to own the address that the form begins with. */
  isProven: boolean;
  /** An administrator looks at every new registration first. */
  isReviewed: boolean;
}

/**
 * What happens after the form, said beside it by the server: the browser need not load what does not apply, nor two
 * languages.
 */
export function nextSteps(env: Env, { form, locale, isProven, isReviewed }: Asked): string[] {
  const { account, sent, held, reviewed, payment } = words[locale];
  const waits = holdsUntilConfirmed(env) && !isProven ? held : isReviewed ? reviewed : sent;
  return [account, waits, ...(isFree(env, form) ? [] : [payment])];
}
