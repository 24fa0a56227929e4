import type { Reach, Reason } from "./reason-texts";

/**
 * Why the queue was paused before a registration failed: a look at the portal has found that something which registrations
 * send no longer fits. The queue goes on by itself once it fits again.
 */

/** Without a pause of the queue the people of a form wait by themselves, and nothing is there to be resumed. */
type Words = (field: string | undefined, reach?: Reach) => Reason;

const on = (field: string | undefined) => (field ? `: ${field}` : "");

const en = {
  UNFIT_CONTACTS: (field) => ({
    what: `Known customers cannot be recognised: the portal does not return contacts, or not their phones and e-mails${on(field)}.`,
    todo: "Each of them would get a second contact. Give the webhook's owner the right to read contacts; update the portal if it is self-hosted. Sending then resumes automatically.",
  }),
  UNFIT_DEMANDS: (field, reach) => ({
    what: `Bitrix24 now requires what no registration fills in${on(field)}.`,
    todo: `Fill it in under Settings, Fields, or make it optional on the portal. Sending then resumes automatically. If the portal requires it of its employees only, ${
      reach === "everybody"
        ? "resume the queue: once a registration has got through, this field no longer pauses the queue."
        : "nothing needs to be done: one registration is tried every now and then, and once one has got through, the others follow."
    }`,
  }),
  UNFIT_FIELDS: (field) => ({
    what: `A field that the settings fill is gone, or no longer takes the value${on(field)}.`,
    todo: "Choose another one under Settings, Fields, or restore it on the portal. Sending then resumes automatically.",
  }),
  UNFIT_PRODUCT: (field) => ({
    what: `The product of the deals can no longer be sold: it is gone, hidden, or has no price in US dollars${on(field)}.`,
    todo: "Choose product and price under Settings, Deal, or put them right on the portal. Sending then resumes automatically.",
  }),
  UNFIT_CURRENCY: () => ({
    what: "The portal no longer has the US dollar, in which deals are made.",
    todo: "Add USD to the currencies of the CRM. Sending then resumes automatically.",
  }),
  UNFIT_FUNNEL: (field) => ({
    what: `The pipeline of new deals is gone${on(field)}.`,
    todo: "Choose another one under Settings, Deal. Sending then resumes automatically.",
  }),
  UNFIT_STAGE: (field) => ({
    what: `The stage of new deals is gone${on(field)}.`,
    todo: "Choose another one under Settings, Deal. Sending then resumes automatically.",
  }),
} satisfies Record<string, Words>;

const ru: Record<keyof typeof en, Words> = {
  UNFIT_CONTACTS: (field) => ({
    what: `Известных клиентов не узнать: портал не отдаёт контакты или хранит их без телефонов и электронной почты${on(field)}.`,
    todo: "У каждого из них появился бы второй контакт. Дайте владельцу вебхука право читать контакты, а коробочный портал обновите. Отправка продолжится сама.",
  }),
  UNFIT_DEMANDS: (field, reach) => ({
    what: `Битрикс24 теперь требует то, что регистрации не заполняют${on(field)}.`,
    todo: `Заполните это в разделе «Настройки → Поля» или сделайте поле на портале необязательным. Отправка продолжится сама. Если портал требует это только от сотрудников, ${
      reach === "everybody"
        ? "возобновите очередь сами: как только одна регистрация дойдёт, из-за этого поля она больше не остановится."
        : "делать ничего не нужно: время от времени пробуем отправить одну регистрацию, и как только одна дойдёт, за ней уйдут остальные."
    }`,
  }),
  UNFIT_FIELDS: (field) => ({
    what: `Поле, которое заполняют настройки, удалено или больше не принимает значение${on(field)}.`,
    todo: "Выберите другое в разделе «Настройки → Поля» или верните его на портале. Отправка продолжится сама.",
  }),
  UNFIT_PRODUCT: (field) => ({
    what: `Товар сделок больше нельзя продать: он удалён, скрыт или у него нет цены в долларах США${on(field)}.`,
    todo: "Выберите товар и цену в разделе «Настройки → Сделка» или исправьте их на портале. Отправка продолжится сама.",
  }),
  UNFIT_CURRENCY: () => ({
    what: "На портале больше нет доллара США, в котором создаются сделки.",
    todo: "Добавьте USD в валюты CRM. Отправка продолжится сама.",
  }),
  UNFIT_FUNNEL: (field) => ({
    what: `Воронка новых сделок удалена${on(field)}.`,
    todo: "Выберите другую в разделе «Настройки → Сделка». Отправка продолжится сама.",
  }),
  UNFIT_STAGE: (field) => ({
    what: `Стадия новых сделок удалена${on(field)}.`,
    todo: "Выберите другую в разделе «Настройки → Сделка». Отправка продолжится сама.",
  }),
};

export const unfitTexts: Record<"en" | "ru", Partial<Record<string, Words>>> = { en, ru };
