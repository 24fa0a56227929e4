import { texts } from "~/i18n/locale";
import { maxImportMegabytes, maxImportRows } from "~server/import/import-limits";
import { enImportWords, type ImportWords } from "~server/import/import-words";
import { eachPersonField } from "~server/person/fields";
import { personHeader } from "~server/person/header";
import { enPlural, ruPlural } from "~server/platform/plural";

interface ImportTexts extends ImportWords {
  title: string;
  description: string;
  lead: string;
  file: string;
  fileHint: string;
  upload: string;
  uploading: string;
  missing: string;
  gone: string;
  format: { title: string; text: string[]; required: string; optional: string };
  forecast: { title: string; rows: (count: number) => string; nobody: string; ignored: (headers: string) => string };
  preview: { title: string; text: string; paid: string; registered: string };
  counts: { forecast: string; imported: string; registered: string; duplicates: string; refused: string };
  notes: { title: string; line: (line: number) => string; more: (count: number) => string };
  start: (count: number) => string;
  discard: string;
  running: { title: string; text: string; progress: string; of: (done: number, rows: number) => string };
  done: { title: string; text: string; people: string };
  another: string;
  past: { title: string; imported: (count: number) => string; running: string };
}

/** Existing people, brought in by a list. */
export const importTexts = texts<ImportTexts>(
  {
    title: "Import",
    description: "Bring in people you already have, from a list.",
    lead: "Bring in people you already have. Each becomes a registration and gets a contact and a deal in Bitrix24, after people who register in the meantime.",
    file: "List of people (CSV)",
    fileHint: `Up to ${maxImportMegabytes}\u00a0MB and ${maxImportRows.toLocaleString("en-GB")} people. Nothing is imported until you confirm.`,
    upload: "Check the list",
    uploading: "Checking…",
    missing: "Choose a file first.",
    gone: "This list is no longer here: it was discarded, or waited for longer than an hour. Upload it again.",
    format: {
      title: "What the list should look like",
      text: [
        "The first line has the names of the columns, in any order; in the next step you say which column is what. Save a spreadsheet as CSV; lists of Bitrix24, Google, Outlook and the export of this site can be imported as they are.",
        "Write days as 2025-03-01 or 01.03.2025, and paid as yes or no. Phone numbers can have any usual spelling; without a country code they are taken as Russian.",
        "No e-mails are sent. People who want to sign in can set a password with “Forgot your password?”.",
      ],
      required: "Required",
      optional: "Optional",
    },
    ...enImportWords,
    forecast: {
      title: "What the import will do",
      rows: (count) => `The list has ${enPlural(count, "line", "lines")} below the column names.`,
      nobody: "There are no people to import in this list.",
      ignored: (headers) => `Columns that are not used: ${headers}`,
    },
    preview: {
      title: "The first people",
      text: "This is how they will be stored.",
      paid: "Paid",
      registered: "Registered",
    },
    counts: {
      forecast: "Will be imported",
      imported: "Imported",
      registered: "Already registered",
      duplicates: "Duplicates in the list",
      refused: "Rejected",
    },
    notes: {
      title: "Lines that are not imported",
      line: (line) => `Line ${line}`,
      more: (count) => `And ${enPlural(count, "more line", "more lines")}.`,
    },
    start: (count) => `Import ${enPlural(count, "person", "people")}`,
    discard: "Discard the list",
    running: {
      title: "The import is running",
      text: "You can leave this page: the import continues, even after a restart.",
      progress: "Lines done",
      of: (done, rows) => `${done.toLocaleString("en-GB")} of ${enPlural(rows, "line", "lines")}`,
    },
    done: {
      title: "The import is done",
      text: "Bitrix24 gets the new people one after another, after people who register in the meantime.",
      people: "Show the people",
    },
    another: "Import another list",
    past: {
      title: "Earlier imports",
      imported: (count) => `${enPlural(count, "person", "people")} imported`,
      running: "running",
    },
  },
  {
    title: "Импорт",
    description: "Перенесите людей, которые у вас уже есть, из списка.",
    lead: "Перенесите людей, которые у вас уже есть. Для каждого появятся регистрация, контакт и сделка; в Битрикс24 они уйдут после тех, кто зарегистрируется сам.",
    file: "Список людей (CSV)",
    fileHint: `До ${maxImportMegabytes}\u00a0МБ и ${maxImportRows.toLocaleString("ru-RU")} человек. Пока вы не подтвердите, ничего не импортируется.`,
    upload: "Проверить список",
    uploading: "Проверяем…",
    missing: "Сначала выберите файл.",
    gone: "Этого списка больше нет: его удалили, или он ждал больше часа. Загрузите его ещё раз.",
    format: {
      title: "Каким должен быть список",
      text: [
        "В первой строке — названия столбцов, в любом порядке; на следующем шаге вы укажете, где что. Таблицу сохраните как CSV; списки из Битрикс24, Google, Outlook и выгрузка с этого сайта подходят без изменений.",
        "Даты — 2025-03-01 или 01.03.2025, оплата — да или нет. Телефоны — в обычной записи; без кода страны номер считается российским.",
        "Писем никто не получит. Кто захочет войти, задаст пароль через «Забыли пароль?».",
      ],
      required: "Обязательно",
      optional: "Если есть",
    },
    fileProblems: {
      empty: () => "В этом файле никого нет.",
      encoding: (_, line) =>
        line === null
          ? "Кодировку этого файла не удалось определить. Сохраните его как CSV в кодировке UTF-8."
          : `Буквы в этом файле повреждены в строке ${line}, или в нём несколько кодировок. Сохраните его как CSV в кодировке UTF-8.`,
      spreadsheet: () => "Это таблица. Откройте её и сохраните как CSV.",
      quote: (_, line) =>
        `Кавычка, которой в строке ${line} начинается ячейка, не закрыта там, где ячейка кончается. Внутри такой ячейки каждую кавычку пишут дважды.`,
      long_line: (_, line) => `Строка ${line} длиннее данных любого человека. Это точно CSV?`,
      columns_missing: (fields) => `В первой строке не назван столбец: ${fields}.`,
      too_large: () =>
        `Этот файл больше ${maxImportMegabytes}\u00a0МБ. Разделите его или воспользуйтесь командой npm run import.`,
      too_many: () =>
        `В этом списке больше ${maxImportRows.toLocaleString("ru-RU")} строк. Разделите его или воспользуйтесь командой npm run import.`,
    },
    fields: {
      ...eachPersonField((name) => personHeader(name).ru),
      paid: "Оплачено",
      paidAt: "Дата оплаты",
      registeredAt: "Дата регистрации",
      form: "Форма",
      utm_source: "utm_source",
      utm_medium: "utm_medium",
      utm_campaign: "utm_campaign",
      utm_content: "utm_content",
      utm_term: "utm_term",
    },
    rowProblems: {
      required: "не заполнено",
      invalid: "не подходит",
      too_long: "слишком длинно",
      characters: "символы, которые нельзя сохранить",
      garbled: "буквы испорчены неверной кодировкой",
      email: "не похоже на адрес",
      phone: "номер не разобрать",
      rounded: "таблица округлила номер; задайте его столбцу текстовый формат",
      paid: "должно быть да или нет",
      date: "не дата; пишите 2025-03-01 или 01.03.2025",
      future: "ещё не наступила",
      form: "такой формы на сайте нет или так называются несколько: укажите адрес формы, например spring",
      number: "не число",
      day: "не дата",
      option: "такого варианта нет",
      cells: "ячеек больше, чем названий столбцов",
      no_links: "внутри ссылка, адрес или номер телефона",
      duplicate: "повтор строки выше",
      registered: "уже зарегистрирован",
    },
    forecast: {
      title: "Что сделает импорт",
      rows: (count) => `В списке ${ruPlural(count, "строка", "строки", "строк")}, не считая названий столбцов.`,
      nobody: "Импортировать из этого списка некого.",
      ignored: (headers) => `Столбцы, которые не используются: ${headers}`,
    },
    preview: {
      title: "Первые в списке",
      text: "Так их данные будут сохранены.",
      paid: "Оплачено",
      registered: "Дата регистрации",
    },
    counts: {
      forecast: "Будет импортировано",
      imported: "Импортировано",
      registered: "Уже зарегистрированы",
      duplicates: "Повторы в списке",
      refused: "Отклонено",
    },
    notes: {
      title: "Строки, которые не импортируются",
      line: (line) => `Строка ${line}`,
      more: (count) => `И ещё ${ruPlural(count, "строка", "строки", "строк")}.`,
    },
    start: (count) => `Импортировать: ${ruPlural(count, "человек", "человека", "человек")}`,
    discard: "Удалить список",
    running: {
      title: "Импорт идёт",
      text: "Страницу можно закрыть: импорт продолжится сам, даже после перезапуска.",
      progress: "Обработано строк",
      of: (done, rows) => `${done.toLocaleString("ru-RU")} из ${ruPlural(rows, "строки", "строк", "строк")}`,
    },
    done: {
      title: "Импорт завершён",
      text: "Битрикс24 получает новых людей по очереди, после тех, кто за это время зарегистрируется сам.",
      people: "Показать людей",
    },
    another: "Импортировать другой список",
    past: {
      title: "Прежние импорты",
      imported: (count) => `Импортировано: ${ruPlural(count, "человек", "человека", "человек")}`,
      running: "идёт",
    },
  },
);
