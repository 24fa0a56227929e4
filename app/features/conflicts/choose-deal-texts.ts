import { texts } from "~/i18n/locale";

/** The page on which an administrator says which deal a registration's own has become. */
export const chooseDealTexts = texts(
  {
    title: "Which deal is it?",
    lead: "The registration's deal no longer exists; managers may have merged it into another one. These are the open deals of the same contact, as Bitrix24 shows them now.",
    list: "Open deals",
    deal: (id: number) => `Deal ${id}`,
    facts: (stage: string, amount: string) => `Stage ${stage}, ${amount}`,
    choose: (id: number) => `Use deal ${id}`,
    none: {
      title: "No open deals",
      text: "The contact has no free open deal: the existing ones belong to other registrations here. Create the deal again, or leave the conflict as it is.",
    },
    unread: "Bitrix24 did not show the deals. Try again in a moment.",
    back: "Back to the conflicts",
  },
  {
    title: "Какая это сделка?",
    lead: "Сделки этой регистрации больше нет: возможно, менеджеры объединили её с другой. Вот открытые сделки того же контакта, какими их сейчас показывает Битрикс24.",
    list: "Открытые сделки",
    deal: (id) => `Сделка ${id}`,
    facts: (stage, amount) => `Стадия ${stage}, ${amount}`,
    choose: (id) => `Выбрать сделку ${id}`,
    none: {
      title: "Открытых сделок нет",
      text: "Свободных открытых сделок у контакта нет: остальные связаны с другими регистрациями. Создайте сделку заново или оставьте расхождение как есть.",
    },
    unread: "Битрикс24 не показал сделки. Попробуйте ещё раз чуть позже.",
    back: "К расхождениям",
  },
);
