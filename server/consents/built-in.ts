import type { ConsentWording } from "./kinds";

/**
 * The consent to the processing of an installation whose owner has written none: its wordings, the newest last. A
 * wording that was in use is never changed, since it is what people have agreed to.
 */

const wordings = [
  {
    version: "2026-11-22",
    label: { en: "I agree to the processing of my details", ru: "Даю согласие на обработку моих данных" },
    text: {
      en: [
        "We use your name, e-mail and phone to prepare your application and to get in touch with you. They are kept on this site and in the CRM that our team works with, and are passed on to nobody else.",
        "If an advertisement or a link led you here, its mark is kept with your application.",
        "You may withdraw your consent at any time: tell the person who deals with your application.",
      ],
      ru: [
        "Имя, почта и телефон нужны, чтобы оформить заявку и связаться с вами. Они хранятся на этом сайте и в CRM, с которой работают наши сотрудники. Больше мы их никому не передаём.",
        "Если вы пришли по рекламе или ссылке, её метка сохраняется вместе с заявкой.",
        "Согласие можно отозвать в любой момент: скажите об этом сотруднику, который ведёт вашу заявку.",
      ],
    },
  },
  {
    version: "2026-11-26",
    label: { en: "I agree to the processing of my details", ru: "Даю согласие на обработку моих данных" },
    text: {
      en: [
        "We use your name, company, e-mail and phone to prepare your application and to get in touch with you. They are kept on this site and in the CRM that our team works with, and are passed on to nobody else.",
        "If an advertisement or a link led you here, its mark is kept with your application.",
        "You may withdraw your consent at any time in your account, under “My data”. There you can also see, correct and download what is kept of you, and have it erased.",
      ],
      ru: [
        "Имя, компания, почта и телефон нужны, чтобы оформить заявку и связаться с вами. Они хранятся на этом сайте и в CRM, с которой работают наши сотрудники. Больше мы их никому не передаём.",
        "Если вы пришли по рекламе или ссылке, её метка сохраняется вместе с заявкой.",
        "Согласие можно отозвать в любой момент в личном кабинете, в разделе «Мои данные». Там же можно посмотреть, исправить и скачать всё, что о вас хранится, или удалить это.",
      ],
    },
  },
] as const satisfies readonly ConsentWording[];

/** The present one. */
export const builtInWording: ConsentWording = wordings[wordings.length - 1] as ConsentWording;

/** The built-in wording of a version; null if there is none. */
export const builtInOf = (version: string): ConsentWording | null =>
  wordings.find((wording) => wording.version === version) ?? null;
