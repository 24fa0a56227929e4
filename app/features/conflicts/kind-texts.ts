import { saleEn, saleRu } from "~/features/conflicts/sale-texts";
import { texts } from "~/i18n/locale";
import type { Sale } from "~server/bitrix24/sale";
import type { ConflictKind } from "~server/conflicts/conflicts";
import type { ConflictAction } from "~server/conflicts/resolve";

/** Facts for the words of a conflict: the record concerned, the person's own record, and a stage. */
export interface ConflictFacts {
  record: number;
  kept: number | null;
  stage: string;
  /** The contact was only unlinked from the deal. */
  stands: boolean;
  /** What the deal sells now, and what the registration sold. */
  sale: { now: Sale; was: Sale | null } | null;
}

interface KindWords {
  title: string;
  here: (facts: ConflictFacts) => string;
  there: (facts: ConflictFacts) => string;
}

interface ActionWords {
  label: string;
  /** What will happen. */
  text: string;
}

interface AskedWords {
  label: string;
  /** The question that names what will be deleted or overwritten. */
  ask: (record: number) => string;
  confirm: (record: number) => string;
}

interface ConflictKindWords {
  kinds: Record<ConflictKind, KindWords>;
  recreateDeal: ActionWords;
  choose: ActionWords;
  recreateContact: ActionWords;
  forceLost: ActionWords;
  forceRefused: ActionWords;
  accept: ActionWords;
  restore: AskedWords;
  follow: ActionWords;
  removeDeal: AskedWords;
  removeContact: AskedWords;
  dismiss: ActionWords;
}

/** What the two sides say, and what can be decided about it. */
export const conflictKindTexts = texts<ConflictKindWords>(
  {
    kinds: {
      DEAL_DELETED: {
        title: "The deal was deleted in Bitrix24",
        here: ({ record }) => `The registration is complete with deal ${record}.`,
        there: ({ record }) => `Deal ${record} no longer exists.`,
      },
      CONTACT_DELETED: {
        title: "The contact was deleted in Bitrix24",
        here: ({ record }) => `The registration is complete with contact ${record}.`,
        there: ({ record, stands }) =>
          stands
            ? `Contact ${record} was taken off the deal, which has no contact now.`
            : `Contact ${record} no longer exists, and the deal has no contact now.`,
      },
      DEAL_OTHER_CONTACT: {
        title: "The deal has another main contact",
        here: ({ kept }) => (kept === null ? "No contact is known at the moment." : `The person's contact is ${kept}.`),
        there: ({ record }) =>
          `Managers have made contact ${record} the deal's main one. The person's own contact still exists.`,
      },
      DEAL_LOST: {
        title: "Paid here, lost in Bitrix24",
        here: () => "The person has paid.",
        there: ({ stage }) => `The deal is in the lost stage ${stage}.`,
      },
      DEAL_OTHER_FUNNEL: {
        title: "The deal is in another pipeline",
        here: () => "The payment has changed, so the deal should be moved.",
        there: ({ stage }) => `The deal is in stage ${stage}. The stage of paid deals belongs to another pipeline.`,
      },
      STAGE_REFUSED: {
        title: "Bitrix24 does not move the deal",
        here: () => "The payment has changed, so the deal should be moved.",
        there: ({ stage }) => `The move to stage ${stage} failed.`,
      },
      SALE_CHANGED: {
        title: "Product or amount changed in Bitrix24",
        here: ({ sale }) =>
          sale?.was ? `At registration: ${saleEn(sale.was)}.` : "At registration: its product, in USD.",
        there: ({ sale, record }) =>
          sale ? `In deal ${record} now: ${saleEn(sale.now)}.` : `Deal ${record} was changed.`,
      },
      DUPLICATE_DEAL: {
        title: "Two deals for one registration",
        here: ({ kept }) =>
          kept === null ? "No deal is known at the moment." : `The registration uses deal ${kept}, the older one.`,
        there: ({ record }) => `Deal ${record} has the external id of the same registration.`,
      },
      DUPLICATE_CONTACT: {
        title: "Two contacts for one registration",
        here: ({ kept }) =>
          kept === null ? "No contact is known at the moment." : `The registration uses contact ${kept}.`,
        there: ({ record }) => `Contact ${record} has the external id of the same registration.`,
      },
    },
    recreateDeal: {
      label: "Create the deal again",
      text: "Bitrix24 is searched first. If the deal does not exist, a new one is created with its product.",
    },
    choose: {
      label: "Choose the deal it was merged into…",
      text: "If managers have merged it into another deal. You choose from the contact's open deals.",
    },
    recreateContact: {
      label: "Create the contact again",
      text: "Bitrix24 is searched first. If the contact does not exist, a new one is created and linked to the deal.",
    },
    forceLost: {
      label: "Move the deal to paid",
      text: "The deal is moved from the lost stage to the stage of paid deals.",
    },
    forceRefused: {
      label: "Try the move again",
      text: "First fix the cause: the stage of paid deals must belong to the deal's pipeline. It is set under Settings, Payment, or in the form under Settings, Forms. Where Bitrix24 itself breaks down over the move, it is also tried again automatically.",
    },
    accept: {
      label: "Mark as not paid here",
      text: "The person is marked as not paid, and the history names you. The deal stays lost.",
    },
    follow: {
      label: "Use this contact",
      text: "From now on the registration is linked to that contact. Nothing changes in Bitrix24.",
    },
    restore: {
      label: "Restore product and amount…",
      ask: (record) =>
        `Currency, amount and products of deal ${record} are set back. What was entered in their place in Bitrix24 is lost.`,
      confirm: (record) => `Restore them in deal ${record}`,
    },
    removeDeal: {
      label: "Delete the second deal…",
      ask: (record) =>
        `Deal ${record} is deleted in Bitrix24, with its product and its history. The deal that the registration uses stays.`,
      confirm: (record) => `Delete deal ${record}`,
    },
    removeContact: {
      label: "Delete the second contact…",
      ask: (record) =>
        `Contact ${record} is deleted in Bitrix24, with its history. Deals linked to it lose their contact. The contact that the registration uses stays.`,
      confirm: (record) => `Delete contact ${record}`,
    },
    dismiss: {
      label: "Leave it as it is",
      text: "Nothing changes. The conflict leaves the list until it occurs again; you can still decide otherwise on the person's page.",
    },
  },
  {
    kinds: {
      DEAL_DELETED: {
        title: "Сделку удалили в Битрикс24",
        here: ({ record }) => `Регистрация завершена, её сделка — ${record}.`,
        there: ({ record }) => `Сделки ${record} больше нет.`,
      },
      CONTACT_DELETED: {
        title: "Контакт удалили в Битрикс24",
        here: ({ record }) => `Регистрация завершена, её контакт — ${record}.`,
        there: ({ record, stands }) =>
          stands
            ? `Контакт ${record} убрали из сделки, она осталась без контакта.`
            : `Контакта ${record} больше нет, сделка осталась без контакта.`,
      },
      DEAL_OTHER_CONTACT: {
        title: "Основной контакт сделки — другой",
        here: ({ kept }) => (kept === null ? "Сейчас контакт неизвестен." : `Контакт этого человека — ${kept}.`),
        there: ({ record }) =>
          `Менеджеры сделали основным контакт ${record}. Собственный контакт человека по-прежнему существует.`,
      },
      DEAL_LOST: {
        title: "Здесь оплачено, в Битрикс24 сделка провалена",
        here: () => "Человек оплатил.",
        there: ({ stage }) => `Сделка на стадии провала ${stage}.`,
      },
      DEAL_OTHER_FUNNEL: {
        title: "Сделка в другой воронке",
        here: () => "Оплата изменилась, сделка должна переместиться вслед за ней.",
        there: ({ stage }) => `Сделка на стадии ${stage}. Стадия оплаченных сделок — в другой воронке.`,
      },
      STAGE_REFUSED: {
        title: "Битрикс24 не перемещает сделку",
        here: () => "Оплата изменилась, сделка должна переместиться вслед за ней.",
        there: ({ stage }) => `Перевести её на стадию ${stage} не удалось.`,
      },
      SALE_CHANGED: {
        title: "В Битрикс24 изменили товар или сумму",
        here: ({ sale }) =>
          sale?.was ? `При регистрации: ${saleRu(sale.was)}.` : "При регистрации: её товар, в долларах США.",
        there: ({ sale, record }) =>
          sale ? `Теперь в сделке ${record}: ${saleRu(sale.now)}.` : `Сделку ${record} изменили.`,
      },
      DUPLICATE_DEAL: {
        title: "Две сделки на одну регистрацию",
        here: ({ kept }) =>
          kept === null ? "Сейчас сделка неизвестна." : `Регистрация связана со сделкой ${kept}, она старше.`,
        there: ({ record }) => `У сделки ${record} внешний код той же регистрации.`,
      },
      DUPLICATE_CONTACT: {
        title: "Два контакта на одну регистрацию",
        here: ({ kept }) => (kept === null ? "Сейчас контакт неизвестен." : `Регистрация связана с контактом ${kept}.`),
        there: ({ record }) => `У контакта ${record} внешний код той же регистрации.`,
      },
    },
    recreateDeal: {
      label: "Создать сделку заново",
      text: "Сначала ищем её в Битрикс24. Если её действительно нет, создаём новую, с товаром.",
    },
    choose: {
      label: "Выбрать сделку, с которой её объединили…",
      text: "Если менеджеры объединили её с другой. Покажем открытые сделки контакта на выбор.",
    },
    recreateContact: {
      label: "Создать контакт заново",
      text: "Сначала ищем человека в Битрикс24. Если его действительно нет, создаём контакт и привязываем к сделке.",
    },
    forceLost: {
      label: "Перевести сделку в оплаченные",
      text: "Сделка уйдёт со стадии провала на стадию оплаченных.",
    },
    forceRefused: {
      label: "Попробовать ещё раз",
      text: "Сначала устраните причину: стадия оплаченных сделок должна быть из воронки этой сделки. Она задаётся в разделе «Настройки → Оплата» или в форме: «Настройки → Формы». Если сбой в самом Битрикс24, попытки продолжаются и сами.",
    },
    accept: {
      label: "Снять отметку об оплате",
      text: "Отметка снимается, в истории будете указаны вы. Сделка остаётся в провале.",
    },
    follow: {
      label: "Использовать этот контакт",
      text: "Регистрация будет связана с этим контактом. В Битрикс24 ничего не меняется.",
    },
    restore: {
      label: "Вернуть товар и сумму…",
      ask: (record) =>
        `Валюта, сумма и товары сделки ${record} станут прежними. Введённое вместо них в Битрикс24 пропадёт.`,
      confirm: (record) => `Вернуть их в сделке ${record}`,
    },
    removeDeal: {
      label: "Удалить вторую сделку…",
      ask: (record) =>
        `Сделка ${record} будет удалена в Битрикс24 вместе с товаром и историей. Сделка регистрации останется.`,
      confirm: (record) => `Удалить сделку ${record}`,
    },
    removeContact: {
      label: "Удалить второй контакт…",
      ask: (record) =>
        `Контакт ${record} будет удалён в Битрикс24 вместе с историей. Сделки, к которым он привязан, останутся без него. Контакт регистрации останется.`,
      confirm: (record) => `Удалить контакт ${record}`,
    },
    dismiss: {
      label: "Оставить как есть",
      text: "Ничего не меняется. Расхождение уйдёт из списка, пока не возникнет снова. В карточке человека можно будет решить иначе.",
    },
  },
);

/** The words of an action for a kind of conflict. */
export function actionWords(
  words: ConflictKindWords,
  kind: ConflictKind,
  action: ConflictAction,
): ActionWords | AskedWords {
  const isContact = kind === "CONTACT_DELETED" || kind === "DUPLICATE_CONTACT";
  switch (action) {
    case "recreate":
      return isContact ? words.recreateContact : words.recreateDeal;
    case "remove":
      return isContact ? words.removeContact : words.removeDeal;
    case "force":
      return kind === "DEAL_LOST" ? words.forceLost : words.forceRefused;
    default:
      return words[action];
  }
}
