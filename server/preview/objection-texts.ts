type Words = (what: string) => { en: string; ru: string };

/** What the portal says against a setting. */
export const objections = {
  funnel: (what) => ({
    en: `The portal has no pipeline ${what}.`,
    ru: `На портале нет воронки ${what}.`,
  }),
  stage: (what) => ({
    en: `The portal has no stage ${what}.`,
    ru: `На портале нет стадии ${what}.`,
  }),
  stageElsewhere: (what) => ({
    en: `The stage ${what} belongs to another pipeline: choose both together.`,
    ru: `Стадия ${what} из другой воронки: выберите их вместе.`,
  }),
  stageLost: (what) => ({
    en: `${what} is a stage of lost deals.`,
    ru: `${what} — стадия провала.`,
  }),
  paidElsewhere: (what) => ({
    en: `The stage of a paid deal, ${what}, belongs to another pipeline than new deals: a payment cannot move them there.`,
    ru: `Стадия оплаченной сделки ${what} не из той воронки, в которую попадают новые сделки: оплата не сможет их туда перевести.`,
  }),
  formsPaidElsewhere: (what) => ({
    en: `Forms whose deals a payment could not move, because their stage of paid deals would belong to another pipeline: ${what}. Choose a stage of paid deals for them as well.`,
    ru: `Оплата не сможет перевести сделки некоторых форм, потому что их стадия оплаченной сделки окажется в другой воронке. Это формы: ${what}. Выберите стадию оплаченной сделки и для них.`,
  }),
  formsStageElsewhere: (what) => ({
    en: `Forms whose own first stage would belong to another pipeline than their deals: ${what}. Choose a first stage for them as well.`,
    ru: `Формы, у которых своя начальная стадия окажется не из той воронки, что сделки: ${what}. Выберите начальную стадию и для них.`,
  }),
  source: (what) => ({
    en: `The portal has no source ${what}.`,
    ru: `На портале нет источника ${what}.`,
  }),
  unknownEmployee: (what) => ({
    en: `The portal has no employee ${what}.`,
    ru: `На портале нет сотрудника ${what}.`,
  }),
  dismissed: (what) => ({
    en: `${what} no longer works there.`,
    ru: `${what} там больше не работает.`,
  }),
  variations: (what) => ({
    en: `Product ${what} has variations: choose one of these.`,
    ru: `У товара ${what} есть вариации: выберите одну из них.`,
  }),
  noPrice: (what) => ({
    en: `Product ${what} has no price in US dollars on the portal: enter one here.`,
    ru: `У товара ${what} на портале нет цены в долларах США: укажите её здесь.`,
  }),
  noProduct: (what) => ({
    en: `The portal has no product ${what}.`,
    ru: `На портале нет товара ${what}.`,
  }),
  unreadable: (what) => ({
    en: `The webhook cannot read product ${what}, so it is not known whether it exists.`,
    ru: `Вебхуку не виден товар ${what}, поэтому неизвестно, есть ли он.`,
  }),
  noConsent: (what) => ({
    en: `The consent ${what} is not asked for.`,
    ru: `Согласие ${what} не запрашивается.`,
  }),
  noQuestion: (what) => ({
    en: `No form has a question ${what}.`,
    ru: `Ни в одной форме нет вопроса ${what}.`,
  }),
  noField: (what) => ({
    en: `The portal has no field ${what} that could be written.`,
    ru: `На портале нет поля ${what}, в которое можно писать.`,
  }),
  ownField: (what) => ({
    en: `Registrations fill in ${what} automatically.`,
    ru: `${what} регистрация заполняет сама.`,
  }),
  fieldTwice: (what) => ({
    en: `${what} is chosen twice.`,
    ru: `${what} выбрано дважды.`,
  }),
  fieldType: (what) => ({
    en: `Fields of this kind cannot be filled from here: ${what}.`,
    ru: `Поля этого вида отсюда не заполнить: ${what}.`,
  }),
  macro: (what) => ({
    en: `Bitrix24 reads a part of “${what}” as a command. Write it without the dollar sign.`,
    ru: `Битрикс24 примет часть текста «${what}» за команду. Напишите без знака доллара.`,
  }),
  unfit: (what) => ({
    en: `This value does not fit this kind of field: ${what}.`,
    ru: `Это значение не подходит для поля такого вида: ${what}.`,
  }),
  unfitText: (what) => ({
    en: `This text does not fit this kind of field: ${what}. A list takes one of its own entries, a yes-no field yes or no, a date 2026-12-31.`,
    ru: `Такой текст в поле этого вида не записать: ${what}. Для списка нужно одно из его значений, для «да/нет» — да или нет, для даты — 2026-12-31.`,
  }),
  partly: (what) => ({
    en: `The portal requires the field ${what}, and only some people have the value: without a text for the others, their registrations are refused there.`,
    ru: `Портал требует поле ${what}, а значение для него есть не у всех: без текста для остальных их регистрации там не примут.`,
  }),
  demanded: (what) => ({
    en: `The portal requires a field that nothing fills: ${what}.`,
    ru: `Портал требует поле, которое ничем не заполняется: ${what}.`,
  }),
  unpriced: (what) => ({
    en: `Product ${what} costs 0\u00a0USD on the portal: deals will be made without an amount. If it is free, enter the price 0 here.`,
    ru: `Товар ${what} стоит на портале 0\u00a0USD: сделки будут создаваться без суммы. Если он бесплатный, укажите здесь цену 0.`,
  }),
  inactive: (what) => ({
    en: `Product ${what} is switched off on the portal.`,
    ru: `Товар ${what} на портале выключен.`,
  }),
} satisfies Record<string, Words>;

export type Objection = keyof typeof objections;
