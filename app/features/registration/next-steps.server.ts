import type { Locale } from "~/i18n/locale";
import { holdsUntilConfirmed } from "~server/confirmation/confirmation";
import { envOfForm } from "~server/forms/form-env";
import type { Form } from "~server/forms/forms";
import type { Env } from "~server/platform/env";

const words = {
  en: {
    account: "You are signed in at once and see your account.",
    sent: "Your application is sent to our team automatically, usually within seconds.",
    held: "Confirm your e-mail, and we will send your application to our team.",
    payment: "Our team gets in touch with you about payment.",
  },
  ru: {
    account: "Вы сразу попадёте в личный кабинет.",
    sent: "Заявка сама уйдёт сотруднику, обычно за несколько секунд.",
    held: "Подтвердите почту, и мы передадим заявку сотруднику.",
    payment: "С вами свяжутся по поводу оплаты.",
  },
};

interface Asked {
  form: Form;
  locale: Locale;
  /** This browser has proved to own the address that the form begins with. */
  isProven: boolean;
}

/**
 * What happens after the form, said beside it by the server: the browser need not load what does not apply, nor two
 * languages.
 */
export function nextSteps(env: Env, { form, locale, isProven }: Asked): string[] {
  const { account, sent, held, payment } = words[locale];
  const isFree = envOfForm(env, form.definition.settings).BITRIX24_PRICE_USD === 0;
  return [account, holdsUntilConfirmed(env) && !isProven ? held : sent, ...(isFree ? [] : [payment])];
}
