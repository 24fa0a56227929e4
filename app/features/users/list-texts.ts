import { texts } from "~/i18n/locale";
import { siteTexts } from "~/i18n/site";
import { eachPersonField } from "~server/person/fields";
import { personHeader } from "~server/person/header";
import { enPlural, ruPlural } from "~server/platform/plural";
import type { ExportStyle } from "~server/users/export";
import type { UserCrmState, UserSort } from "~server/users/filter";
import { nearRows } from "~server/users/search-limits";

interface AdminUsersTexts {
  title: string;
  description: string;
  lead: { exact: (count: number) => string; more: (count: number) => string };
  filter: {
    label: string;
    q: string;
    paid: string;
    confirmed: string;
    crm: string;
    source: string;
    noSource: string;
    form: string;
    firstForm: string;
    from: (zone: string) => string;
    to: (zone: string) => string;
    sort: string;
    any: string;
    show: string;
    reset: string;
    more: string;
    quoted: (words: string) => string;
    /** The filters that are set. */
    set: string;
    /** Before the filter that a link takes away. */
    remove: string;
    since: (day: string) => string;
    until: (day: string) => string;
  };
  paid: { yes: string; no: string };
  confirmed: { yes: string; no: string };
  crm: Record<UserCrmState, string>;
  /** An administrator made by the operator. */
  notRegistered: string;
  sorts: Record<UserSort, string>;
  list: string;
  selectOne: (name: string) => string;
  selectPage: string;
  selectAll: string;
  marking: string;
  markPaid: string;
  markUnpaid: string;
  exporting: string;
  loading: string;
  pages: string;
  previous: string;
  next: string;
  ignored: (names: string) => string;
  short: string;
  slow: string;
  empty: { title: string; text: string; all: string };
  none: { title: string; text: string };
  sheet: ExportStyle;
}

const enCrm = { pending: "On its way", synced: "In Bitrix24", failed: "Failed" };
const ruCrm = { pending: "В пути", synced: "В Битрикс24", failed: "Не отправлена" };

/** The list of people. */
export const adminUsersTexts = texts<AdminUsersTexts>(
  {
    title: "People",
    description: "Search registered people, mark payments, export.",
    lead: {
      exact: (count) => `${enPlural(count, "person", "people")} found`,
      more: (count) => `More than ${enPlural(count, "person", "people")} found`,
    },
    filter: {
      label: "Search and filters",
      q: "Company, name, e-mail or phone",
      paid: "Payment",
      confirmed: "E-mail",
      crm: "Bitrix24",
      source: "Source",
      noSource: "no source",
      form: "Form",
      firstForm: "Main form",
      from: (zone) => `Registered from (${zone})`,
      to: (zone) => `Registered until (${zone})`,
      sort: "Order",
      any: "all",
      show: "Show",
      reset: "Reset all",
      more: "More filters",
      quoted: (words) => `“${words}”`,
      set: "Filters that are set",
      remove: "Remove the filter",
      since: (day) => `From ${day}`,
      until: (day) => `Until ${day}`,
    },
    paid: { yes: "Paid", no: "Not paid" },
    confirmed: { yes: "Confirmed", no: "Not confirmed" },
    crm: enCrm,
    notRegistered: "Not registered",
    sorts: { newest: "Newest first", oldest: "Oldest first", paid: "Latest payments first" },
    list: "Registered people",
    selectOne: (name) => `Select ${name}`,
    selectPage: "Select all on this page",
    selectAll: "All matching people, on other pages too",
    marking: "Change the payment of those selected",
    markPaid: "Mark as paid",
    markUnpaid: "Mark as not paid",
    exporting: "Export as CSV",
    loading: "Loading the list…",
    pages: "Pages of the list",
    previous: "Previous page",
    next: "Next page",
    ignored: (names) => `Some filters in this page's address are invalid and were ignored: ${names}.`,
    short: `With so few letters only the first ${nearRows.toLocaleString("en-GB")} people in this order were searched. Type three or more to search all.`,
    slow: "The search took too long. Type more letters or add a filter.",
    empty: { title: "No matches", text: "Try fewer letters or other filters.", all: "Show all people" },
    none: { title: "No registrations yet", text: "New registrations appear here." },
    sheet: {
      locale: "en",
      delimiter: ",",
      columns: {
        id: "No.",
        ...eachPersonField((name) => personHeader(name).en),
        createdAt: "Registered",
        isPaid: "Payment",
        paidAt: "Paid on",
        crmState: "Bitrix24",
        bitrix24ContactId: "Contact",
        bitrix24DealId: "Deal",
        source: "Source",
        campaign: "Campaign",
        withdrawnAt: "Consent withdrawn",
      },
      phoneExtension: siteTexts.en.phoneExtension,
      paid: "Paid",
      unpaid: "Not paid",
      form: "Form",
      firstForm: "Main form",
      crmStates: enCrm,
    },
  },
  {
    title: "Люди",
    description: "Все, кто зарегистрировался: поиск, отметки об оплате, выгрузка.",
    lead: {
      exact: (count) => `Нашлось: ${ruPlural(count, "человек", "человека", "человек")}`,
      more: (count) => `Нашлось больше ${count.toLocaleString("ru-RU")} человек`,
    },
    filter: {
      label: "Поиск и фильтры",
      q: "Компания, имя, почта или телефон",
      paid: "Оплата",
      confirmed: "Почта",
      crm: "Битрикс24",
      source: "Источник",
      noSource: "без источника",
      form: "Форма",
      firstForm: "Основная форма",
      from: (zone) => `Регистрация с (${zone})`,
      to: (zone) => `Регистрация по (${zone})`,
      sort: "Порядок",
      any: "все",
      show: "Показать",
      reset: "Сбросить всё",
      more: "Ещё фильтры",
      quoted: (words) => `«${words}»`,
      set: "Выбранные фильтры",
      remove: "Убрать фильтр",
      since: (day) => `С ${day}`,
      until: (day) => `По ${day}`,
    },
    paid: { yes: "Оплачено", no: "Не оплачено" },
    confirmed: { yes: "Подтверждена", no: "Не подтверждена" },
    crm: ruCrm,
    notRegistered: "Без регистрации",
    sorts: { newest: "Сначала новые", oldest: "Сначала старые", paid: "Сначала последние оплаты" },
    list: "Зарегистрированные люди",
    selectOne: (name) => `Выбрать: ${name}`,
    selectPage: "Выбрать всех на странице",
    selectAll: "Выбрать всех найденных на всех страницах",
    marking: "Изменить оплату у выбранных",
    markPaid: "Отметить оплату",
    markUnpaid: "Снять отметку об оплате",
    exporting: "Выгрузить в CSV",
    loading: "Загружаем список…",
    pages: "Страницы списка",
    previous: "Назад",
    next: "Дальше",
    ignored: (names) => `Часть фильтров в адресе страницы неверна и не учтена: ${names}.`,
    short: `По такому короткому запросу просмотрены только первые ${nearRows.toLocaleString("ru-RU")} человек в этом порядке. Для поиска по всем наберите от трёх букв.`,
    slow: "Поиск шёл слишком долго. Наберите больше букв или добавьте фильтр.",
    empty: {
      title: "Ничего не найдено",
      text: "Попробуйте сократить запрос или изменить фильтры.",
      all: "Показать всех",
    },
    none: { title: "Пока никто не зарегистрировался", text: "Новые регистрации появятся здесь." },
    sheet: {
      locale: "ru",
      delimiter: ";",
      columns: {
        id: "Номер",
        ...eachPersonField((name) => personHeader(name).ru),
        createdAt: "Регистрация",
        isPaid: "Оплата",
        paidAt: "Дата оплаты",
        crmState: "Битрикс24",
        bitrix24ContactId: "Контакт",
        bitrix24DealId: "Сделка",
        source: "Источник",
        campaign: "Кампания",
        withdrawnAt: "Согласие отозвано",
      },
      phoneExtension: siteTexts.ru.phoneExtension,
      paid: "Оплачено",
      unpaid: "Не оплачено",
      form: "Форма",
      firstForm: "Основная форма",
      crmStates: ruCrm,
    },
  },
);
