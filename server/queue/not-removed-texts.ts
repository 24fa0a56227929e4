import type { Reason } from "./reason-texts";

/** The portal has accepted an erasure's changes, and a reading shows that something of what they remove is still there. */
export const notRemovedTexts: Record<"en" | "ru", Reason> = {
  en: {
    what: "Bitrix24 accepts the changes but still shows something of what they remove. Open the contact and the deals there, and delete by hand the phones, e-mails and other details that are left: the next attempt then completes the erasure.",
    todo: "Delete by hand what is left in the contact and the deals.",
  },
  ru: {
    what: "Битрикс24 принимает изменения, но часть того, что они удаляют, остаётся на месте. Откройте там контакт и сделки и удалите вручную оставшиеся телефоны, адреса почты и другие данные: следующая попытка доведёт удаление до конца.",
    todo: "Удалите вручную то, что осталось в контакте и сделках.",
  },
};
