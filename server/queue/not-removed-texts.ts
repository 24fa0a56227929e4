import type { Reason } from "./reason-texts";

/** The portal has accepted an erasure's changes and still shows some of the person's details. */
export const notRemovedTexts: Record<"en" | "ru", Reason> = {
  en: {
    what: "Bitrix24 accepts the changes, but some of the person's details are still there. Open the contact and the deals in Bitrix24, and delete the remaining phones, e-mails and other details by hand: the next attempt then completes the erasure.",
    todo: "Delete by hand what is left in the contact and the deals.",
  },
  ru: {
    what: "Битрикс24 принимает изменения, но часть данных человека остаётся. Откройте в Битрикс24 контакт и сделки и удалите вручную оставшиеся телефоны, адреса почты и другие данные: следующая попытка завершит удаление.",
    todo: "Удалите вручную то, что осталось в контакте и сделках.",
  },
};
