import { texts } from "~/i18n/locale";
import type { AdSystem, ConversionKind } from "~server/payments/conversions";

export const conversionTexts = texts(
  {
    title: "Conversions for advertising",
    lead: "Paid registrations that an advertising system can find again, as files that Yandex Metrica and Google Ads accept. Each is in one file only; a file can be downloaded again at any time.",
    back: "Statistics",
    systems: { yandex: "Yandex Metrica", google: "Google Ads" } as Record<AdSystem, string>,
    kinds: { add: "paid", retract: "retracted" } as Record<ConversionKind, string>,
    names: { yandex: "Identifier of the goal", google: "Name of the conversion action" } as Record<AdSystem, string>,
    usual: { yandex: "registration_paid", google: "Registration paid" } as Record<AdSystem, string>,
    hints: {
      yandex:
        "A goal of the type “JavaScript event” with this identifier. Metrica joins a conversion with a visit of the last 21 days: by yclid, else by the ClientId of its counter on your site. There is one file for each of the two: when you upload it, choose the identifier that the file is for.",
      google: "An import conversion with this name. Google accepts clicks of the last 90 days.",
    } as Record<AdSystem, string>,
    ready: (count: number) => `Paid and in no file yet: ${count}`,
    undone: (count: number) => `In a file and no longer paid: ${count}`,
    make: "Create the file",
    retract: { yandex: "Mark as retracted", google: "Create the file that retracts them" } as Record<AdSystem, string>,
    byHand:
      "Metrica's documentation names no way to remove an offline conversion, so there is no file for that. Marking keeps the count right: people who pay again appear in a new file.",
    made: "The file was created.",
    madeTwo: "Two files were created: one for yclid and one for ClientId.",
    marked: "The payments are marked as retracted.",
    nothing: "There was nothing to put into a file.",
    nothingMarked: "There was nothing to mark.",
    invalid: "Enter a name of at most 100 characters, in one line and without invisible characters.",
    files: "Files",
    none: { title: "No file yet", text: "Once registrations are paid, create a file above; it is then listed here." },
    download: "Download",
    downloadOf: (id: number) => `Download file ${id}`,
    columns: { what: "For", name: "Name", count: "Registrations", at: "Created", file: "File" },
    noFile: "marked by hand",
  },
  {
    title: "Конверсии для рекламы",
    lead: "Оплаченные регистрации, которые рекламная система может узнать, — файлами для Яндекс Метрики и Google Ads. Каждая попадает только в один файл; файл можно скачать снова в любой момент.",
    back: "Статистика",
    systems: { yandex: "Яндекс Метрика", google: "Google Ads" },
    kinds: { add: "оплачены", retract: "отменены" },
    names: { yandex: "Идентификатор цели", google: "Название действия-конверсии" },
    usual: { yandex: "registration_paid", google: "Registration paid" },
    hints: {
      yandex:
        "Цель типа «JavaScript-событие» с этим идентификатором. Метрика связывает конверсию с визитом за последние 21 день: по yclid, а если его нет — по ClientId счётчика на вашем сайте. Для каждого из двух идентификаторов свой файл: при загрузке выберите тот, для которого он создан.",
      google: "Импортируемая конверсия с этим названием. Google принимает клики за последние 90 дней.",
    },
    ready: (count) => `Оплачены и ещё не в файле: ${count}`,
    undone: (count) => `Были в файле, но оплата отменена: ${count}`,
    make: "Создать файл",
    retract: { yandex: "Отметить как отменённые", google: "Создать файл отмены" },
    byHand:
      "В документации Метрики нет способа удалить офлайн-конверсию, поэтому файла для этого нет. Отметка нужна для счёта: кто оплатит снова, попадёт в новый файл.",
    made: "Файл создан.",
    madeTwo: "Создано два файла: один для yclid, другой для ClientId.",
    marked: "Оплаты отмечены как отменённые.",
    nothing: "Добавить в файл нечего.",
    nothingMarked: "Отмечать нечего.",
    invalid: "Укажите название: не больше 100 символов, в одну строку и без невидимых символов.",
    files: "Файлы",
    none: {
      title: "Файлов пока нет",
      text: "Когда появятся оплаченные регистрации, создайте файл выше — он останется здесь.",
    },
    download: "Скачать",
    downloadOf: (id) => `Скачать файл ${id}`,
    columns: { what: "Для чего", name: "Название", count: "Регистраций", at: "Создан", file: "Файл" },
    noFile: "отмечено вручную",
  },
);
