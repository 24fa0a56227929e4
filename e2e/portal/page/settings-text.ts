import type { EntityName } from "../crm/fields";
import type { Action, Reach } from "../rights";
import type { Switches, UnknownValues } from "../switches";

type Words = Record<string, string>;

interface SettingsText {
  kind: string;
  kindIntro: string;
  unknownTitle: string;
  unknown: Record<keyof UnknownValues, string>;
  switchesTitle: string;
  switches: Record<keyof Switches, string>;
  fieldsTitle: string;
  fieldsHint: string;
  required: Record<EntityName, string>;
  rightsTitle: string;
  rightsHint: string;
  actions: Record<Action, string>;
  reaches: Record<Reach, string>;
  denied: string;
  missing: string;
  timesTitle: string;
  lag: string;
  bucket: string;
  perSecond: string;
  wholeTitle: string;
  installation: string;
  customers: string;
  count: string;
  add: string;
  rename: string;
  domain: string;
  origin: string;
  another: string;
  clock: string;
  minutes: string;
  advance: string;
  reset: string;
  otherTitle: string;
  otherHint: string;
  json: string;
  save: string;
  values: Words;
}

const en: SettingsText = {
  kind: "Kind of portal",
  kindIntro: "A kind sets everything below at once. Deals and contacts stay.",
  unknownTitle: "Values the portal does not know",
  unknown: {
    source: "Source",
    stage: "Stage",
    currency: "Currency",
    responsible: "Responsible person",
    category: "Pipeline",
    company: "Company",
    contact: "Contact to be linked",
    product: "Product of a row",
    enumeration: "Choice of a list field",
    email: "E-mail that is none",
  },
  switchesTitle: "Where sources disagree, and portals differ",
  switches: {
    statuses: "HTTP statuses of system errors",
    portalDeletedStatus: "Status of a deleted portal",
    duplicateErrors: "Code of errors of the duplicate search",
    numericCodes: "Codes that are numbers",
    batchCharge: "Which method pays for a batch",
    totalWithoutCount: "Total of a list that is not counted",
    recomputeOpportunity: "Amount follows the product rows",
    appInfo: "app.info for a webhook",
    atomDateFilters: "Filters take ISO dates",
    operating: "Figures of operating time",
    requiredFlag: "Mandatory fields are told of",
    ownRequired: "Mandatory user fields in crm.item.*",
    legacyRequired: "Mandatory fields in older methods",
    namelessContact: "Contact without a name",
    listWithoutRight: "List without any right to read",
    duplicatesFound: "Duplicates that are found",
    mergedMarks: "Mark of a record that was merged away",
    fourByteText: "Emoji and other four-byte characters",
    longTexts: "Text longer than its column",
    universalDeals: "crm.item.* and deals, contacts, leads, companies",
    universalCommunications: "crm.item.* and phones, e-mails",
    universalMultiFields: "crm.item.update and phones, e-mails that are there",
    universalClearing: "crm.item.update and fields sent empty",
    parentRows: "Row of a product with variations",
  },
  fieldsTitle: "Mandatory fields",
  fieldsHint: "Names of either family, separated by spaces: companyId SOURCE_DESCRIPTION PHONE",
  required: { contact: "Of contacts", deal: "Of deals", lead: "Of leads", company: "Of companies" },
  rightsTitle: "Rights of the webhook's owner",
  rightsHint: "Saving them makes the owner an employee; a kind of portal makes an administrator of them again.",
  actions: { read: "read", add: "add", update: "change", delete: "delete" },
  reaches: { none: "nobody's", own: "own", department: "of the department", open: "open to everyone", all: "all" },
  denied: "Closed methods",
  missing: "Missing methods",
  timesTitle: "Times and limits",
  lag: "Duplicate search is late by, ms",
  bucket: "Requests at once (0: no limit)",
  perSecond: "Requests a second",
  wholeTitle: "The portal as a whole",
  installation: "People of another installation, marked",
  customers: "Customers without a mark",
  count: "How many",
  add: "Put them here",
  rename: "Rename",
  domain: "Domain",
  origin: "New address (others point to it)",
  another: "Become another portal",
  clock: "Clock",
  minutes: "Minutes",
  advance: "Let the time pass",
  reset: "Empty the portal and start again",
  otherTitle: "Everything else",
  otherHint:
    "Users, products, funnels, user fields, robots, habits of managers and the rest, as JSON. Groups merge, lists replace.",
  json: "Settings as JSON",
  save: "Save",
  values: {
    refused: "refused",
    stored: "kept as sent",
    ignored: "left out",
    named: "gets a name",
    true: "yes",
    false: "no",
    told: "yes",
    hidden: "no",
    empty: "empty",
    all: "all",
    readable: "readable ones",
    own: "is lost",
    filled: "is taken over",
    cut: "cut the text off",
    questionMarks: "become question marks",
    known: "go together",
    unknown: "unknown to it",
    edited: "changes and removes them",
    added: "only adds further ones",
    cleared: "empties them",
    listsKept: "leaves lists as they are",
    kept: "leaves all as they are",
    variation: "becomes its first variation",
    current: "of today",
    before2026: "of before 2026",
    emptyCode: "empty",
    textAsCode: "the text",
    number: "as numbers",
    string: "as text",
    commands: "each command's",
    batch: "batch itself",
    absent: "absent",
    zero: "0",
    answered: "answered",
    full: "all",
    withoutReset: "without the time of reset",
  },
};

const ru: SettingsText = {
  kind: "Вид портала",
  kindIntro: "Вид задаёт сразу всё, что ниже. Сделки и контакты остаются.",
  unknownTitle: "Значения, которых портал не знает",
  unknown: {
    source: "Источник",
    stage: "Стадия",
    currency: "Валюта",
    responsible: "Ответственный",
    category: "Воронка",
    company: "Компания",
    contact: "Привязываемый контакт",
    product: "Товар в строке",
    enumeration: "Вариант поля-списка",
    email: "Негодный адрес почты",
  },
  switchesTitle: "Где источники расходятся, а порталы различны",
  switches: {
    statuses: "Статусы HTTP системных ошибок",
    portalDeletedStatus: "Статус удалённого портала",
    duplicateErrors: "Код ошибок поиска дубликатов",
    numericCodes: "Числовые коды",
    batchCharge: "На какой метод ложится время пакета",
    totalWithoutCount: "Итог списка без подсчёта",
    recomputeOpportunity: "Сумма следует за товарами",
    appInfo: "app.info для вебхука",
    atomDateFilters: "Фильтры понимают даты ISO",
    operating: "Показатели времени выполнения",
    requiredFlag: "Об обязательных полях сообщается",
    ownRequired: "Обязательные пользовательские поля в crm.item.*",
    legacyRequired: "Обязательные поля в старых методах",
    namelessContact: "Контакт без имени",
    listWithoutRight: "Список без права на чтение",
    duplicatesFound: "Какие дубликаты находятся",
    mergedMarks: "Метка карточки, исчезнувшей при объединении",
    fourByteText: "Эмодзи и другие четырёхбайтовые символы",
    longTexts: "Текст длиннее своего столбца",
    universalDeals: "crm.item.* и сделки, контакты, лиды, компании",
    universalCommunications: "crm.item.* и телефоны, почта",
    universalMultiFields: "crm.item.update и уже записанные телефоны, почта",
    universalClearing: "crm.item.update и поля, присланные пустыми",
    parentRows: "Строка с товаром, у которого есть вариации",
  },
  fieldsTitle: "Обязательные поля",
  fieldsHint: "Имена любого семейства через пробел: companyId SOURCE_DESCRIPTION PHONE",
  required: { contact: "Контактов", deal: "Сделок", lead: "Лидов", company: "Компаний" },
  rightsTitle: "Права владельца вебхука",
  rightsHint: "Сохранённые права делают владельца сотрудником; выбор вида портала снова делает его администратором.",
  actions: { read: "чтение", add: "добавление", update: "изменение", delete: "удаление" },
  reaches: { none: "ничьи", own: "свои", department: "своего отдела", open: "доступные всем", all: "все" },
  denied: "Закрытые методы",
  missing: "Отсутствующие методы",
  timesTitle: "Время и лимиты",
  lag: "Поиск дубликатов запаздывает на, мс",
  bucket: "Запросов подряд (0 – без лимита)",
  perSecond: "Запросов в секунду",
  wholeTitle: "Портал в целом",
  installation: "Люди другой установки, с метками",
  customers: "Клиенты без меток",
  count: "Сколько",
  add: "Поместить сюда",
  rename: "Переименовать",
  domain: "Домен",
  origin: "Новый адрес (остальные ведут на него)",
  another: "Стать другим порталом",
  clock: "Часы",
  minutes: "Минут",
  advance: "Пусть время пройдёт",
  reset: "Опустошить портал и начать заново",
  otherTitle: "Всё остальное",
  otherHint:
    "Сотрудники, товары, воронки, свои поля, роботы, привычки менеджеров и прочее в виде JSON. Группы дополняются, списки заменяются.",
  json: "Настройки в виде JSON",
  save: "Сохранить",
  values: {
    refused: "отказ",
    stored: "сохраняется как есть",
    ignored: "пропускается",
    named: "получает имя",
    true: "да",
    false: "нет",
    told: "да",
    hidden: "нет",
    empty: "пусто",
    all: "все",
    readable: "доступные для чтения",
    own: "пропадает",
    filled: "переходит",
    cut: "обрывают текст",
    questionMarks: "становятся знаками вопроса",
    known: "работают вместе",
    unknown: "сделки неизвестны",
    edited: "меняет и удаляет",
    added: "только добавляет новые",
    cleared: "очищает",
    listsKept: "не очищает списки",
    kept: "не очищает ничего",
    variation: "становится первой вариацией",
    current: "нынешние",
    before2026: "до 2026 года",
    emptyCode: "пустой",
    textAsCode: "сам текст",
    number: "числом",
    string: "строкой",
    commands: "на каждую команду",
    batch: "на сам batch",
    absent: "нет",
    zero: "0",
    answered: "отвечает",
    full: "все",
    withoutReset: "без времени сброса",
  },
};

export const settingsText = (lang: string): SettingsText => (lang === "ru" ? ru : en);
