import { expect, test } from "vitest";
import { anna, people, problems, readList as read } from "../test/lists";

/** Lists as programs and people write them. */

test("of several columns of one kind the first one that is filled counts", async () => {
  const list = await read(
    [
      "имя;Рабочий телефон;Мобильный телефон;Рабочий e-mail;Частный e-mail",
      "Анна;;9123456789;;anna@example.com",
      "Борис;9123456780;9123456781;b@example.com;boris@example.com",
      "Вера; ;'+79123456782;v@example.com;",
      "Глеб;;;g@example.com;",
    ].join("\n"),
  );
  expect(people(list).map(({ email, phone }) => [email, phone])).toEqual([
    ["anna@example.com", "+79123456789"],
    ["b@example.com", "+79123456780"],
    ["v@example.com", "+79123456782"],
  ]);
  expect(problems(list)).toEqual(["5: phone required"]);
});

test("the list that Bitrix24 exports is read", async () => {
  const list = await read(
    "\ufeff" +
      '"ID";"Имя";"Отчество";"Фамилия";"Создан";"Компания";"Рабочий телефон";"Мобильный телефон";"Рабочий e-mail";"Частный e-mail"\r\n' +
      '"12";"Анна";"Петровна";"О\'Нил";"01.03.2025 13:30:00";"ООО ""Рога""";"";"8 912 345-67-89";"anna@example.com, a2@example.com";""\r\n',
    "Europe/Moscow",
  );
  expect(people(list)).toEqual([{ ...anna, company: 'ООО "Рога"', isPaid: false, utm: {} }]);
});

test("the list that Google exports is read", async () => {
  const list = await read(
    "First Name,Middle Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n" +
      "Анна,,О'Нил,* myContacts,Work,anna@example.com ::: a2@example.com,Mobile,+7 912 345-67-89 ::: +7 912 345-67-80\n",
  );
  expect(people(list)).toEqual([{ ...anna, company: null, isPaid: false, registeredAt: null, utm: {} }]);
});

test("a list that Excel has saved, with its separator, numbers and names in one piece, is read", async () => {
  const list = await read(
    Buffer.from(
      `\ufeff${[
        "sep=;",
        "ФИО;Почта;Телефон",
        'О\'Нил Анна;anna@example.com;"=""+79123456789"""',
        "Иванов Иван Иванович;i@example.com;7,9123456780E+10",
        "Мария Кох;m@example.com;79123456781.0",
        "Глеб;g@example.com;7,91E+10",
      ].join("\r\n")}`,
      "utf16le",
    ),
  );
  expect(people(list).map(({ firstName, lastName, phone }) => [firstName, lastName, phone])).toEqual([
    ["Анна", "О'Нил", "+79123456789"],
    ["Иван Иванович", "Иванов", "+79123456780"],
    ["Кох", "Мария", "+79123456781"],
  ]);
  expect(problems(list)).toEqual(["6: phone rounded"]);
});

test("a name in one piece fills only what its parts do not bring", async () => {
  const list = await read(
    [
      "Name,Given name,Family name,E-mail,Phone",
      "Анна О'Нил,Анна,О'Нил,a@example.com,9123456789",
      "Борис Кох,,,b@example.com,9123456780",
      "Вера Ли,,Ли,v@example.com,9123456781",
      ",Глеб,,g@example.com,9123456782",
    ].join("\n"),
  );
  expect(people(list).map(({ firstName, lastName }) => [firstName, lastName])).toEqual([
    ["Анна", "О'Нил"],
    ["Борис", "Кох"],
    ["Вера", "Ли"],
    ["Глеб", null],
  ]);
});

test("times are those of the list's zone, but where the cell or the header names another", async () => {
  const list = await read(
    [
      "имя;почта;телефон;дата регистрации;Дата оплаты (Asia/Vladivostok)",
      "Анна;a@example.com;9123456789;01.03.2025 10:30;02.03.2025 10:30",
      "Борис;b@example.com;9123456780;01.03.2025 10:30 UTC;02.03.2025 10:30 +00:00",
    ].join("\n"),
    "Europe/Moscow",
  );
  expect(people(list).map(({ registeredAt, paidAt }) => [registeredAt?.toISOString(), paidAt?.toISOString()])).toEqual([
    ["2025-03-01T07:30:00.000Z", "2025-03-02T00:30:00.000Z"],
    ["2025-03-01T10:30:00.000Z", "2025-03-02T10:30:00.000Z"],
  ]);
});

test("a moment that a zone said wrongly puts ahead of now is taken for now; a later one is refused", async () => {
  const hoursAhead = (hours: number) =>
    new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
  const list = await read(
    `имя,почта,телефон,registered\nАнна,anna@example.com,9123456789,${hoursAhead(2.9)}\nБорис,b@example.com,9123456780,${hoursAhead(14.1)}`,
  );
  const [found] = people(list);
  expect(Math.abs((found?.registeredAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  expect(problems(list)).toEqual(["3: registeredAt future"]);
});

test("letters that another program has damaged are refused, and names that only look so are not", async () => {
  const list = await read(
    [
      "имя,фамилия,почта,телефон",
      "РђРЅРЅР°,Иванова,a@example.com,9123456789",
      "Ð\u0090Ð½Ð½Ð°,,b@example.com,9123456780",
      "Anna,MÃ¼ller,c@example.com,9123456781",
      "Рёдер,Ñuñez,d@example.com,9123456782",
      "РЁСЛЕР,Müller,e@example.com,9123456783",
      "Ã„nne,JÄ“kabs,f@example.com,9123456784",
      "С‚Рѕ,,g@example.com,9123456785",
    ].join("\n"),
  );
  expect(problems(list)).toEqual([
    "2: firstName garbled",
    "3: firstName characters, firstName garbled",
    "4: lastName garbled",
    "7: firstName garbled, lastName garbled",
    "8: firstName garbled",
  ]);
  expect(people(list).map(({ firstName }) => firstName)).toEqual(["Рёдер", "РЁСЛЕР"]);
});

test("a damaged letter is seen at the end of a name and in capitals too", async () => {
  const names = ["RenÄ“", "ZoÄ“", "ZOÄ’", "Ã“ Cuinn", "Ã“ Briain", "NICCOLÃ’", "KÃ–NIG", "BUTKÄ–NAS", "VÄ—jas"];
  const list = await read(
    ["имя,почта,телефон", ...names.map((name, index) => `${name},${index}@example.com,912345678${index}`)].join("\n"),
  );
  expect(problems(list)).toEqual(names.map((_, index) => `${index + 2}: firstName garbled`));
});

test("firms and families whose names in capitals only look damaged are let in", async () => {
  const firms = [
    ...["ҚАЗАҚ ӨНДІРІСІ", "ТОО «ЖЕТІСУ ӨҢІРІ»", "”RAVINTOLA KESÄ” OY", "“KYLÄ”", "ООО «KESÄ»"],
    ...["MÄKELÄ–VIRTANEN", "HÄKÄ—LEHTINEN OY", "KESÄ–MÄKINEN"],
  ];
  const lines = firms.map((firm, index) => `Анна,${index}@example.com,912345678${index},${firm}`);
  const list = await read(["имя,почта,телефон,компания", ...lines].join("\n"));
  expect(problems(list)).toEqual([]);
  expect(people(list).map(({ company }) => company)).toEqual(firms);
});

test("our own export comes back as it was, times and phones included", async () => {
  const list = await read(
    "\ufeffНомер;Имя;Фамилия;Почта;Телефон;Регистрация (Asia/Vladivostok);Оплата;Дата оплаты (Asia/Vladivostok);Битрикс24\r\n" +
      "7;'=Анна;О'Нил;anna@example.com;'+79123456789;2025-03-01 20:30:00;Оплачено;2025-03-02 18:00:00;В пути\r\n",
    "Europe/Moscow",
  );
  expect(people(list)).toMatchObject([
    {
      firstName: "=Анна",
      phone: "+79123456789",
      registeredAt: anna.registeredAt,
      paidAt: new Date("2025-03-02T08:00:00Z"),
    },
  ]);
});

test.each([
  ["Pipedrive", "Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile"],
  ["Salesforce", "Contact Name,Account Name,Email,Phone"],
  ["a form", "Ваше ФИО,Ваша компания,Ваша электронная почта,Ваш номер телефона"],
])("the names of columns that %s writes are known", async (_program, header) => {
  const list = await read(`${header}\nИванова Анна,ООО Рога,anna@example.com,+7 912 345-67-89\n`);
  expect(people(list)).toMatchObject([{ company: "ООО Рога", email: "anna@example.com", phone: "+79123456789" }]);
});

test.each([
  ["WooCommerce", "Billing First Name;Billing Last Name;Billing Company;Billing Email;Billing Phone"],
  ["HubSpot", "First Name;Last Name;Associated Company;Email;Phone Number"],
  ["amoCRM", "Имя;Фамилия;Компания контакта;Рабочий email;Рабочий телефон"],
  ["German Outlook", "Vorname;Nachname;Firma;E-Mail-Adresse;Telefon"],
  ["French programs", "Prénom;Nom de famille;Société;Courriel;Téléphone"],
  ["Ukrainian programs", "Ім’я;Прізвище;Компанія;Пошта;Телефон"],
])("the names of columns for the parts of a name that %s writes are known", async (_program, header) => {
  const list = await read(
    `${header}\nАнна;Иванова;ООО Рога;"Иванова, Анна <anna@example.com>";№ 8 912 345-67-89 (моб.)\n`,
  );
  expect(people(list)).toMatchObject([
    { firstName: "Анна", lastName: "Иванова", company: "ООО Рога", email: "anna@example.com", phone: "+79123456789" },
  ]);
});

test.each([
  ["one line", "Список участников\r\n"],
  ["lines and blank ones", "ООО Рога\r\n\r\nОтчёт за 01.03.2025 - 31.03.2025\r\n\r\n"],
  ["a line that fills the table's width", '"Список участников, все";;\r\n'],
])("a report's title above the table is no header: %s", async (_name, title) => {
  for (const separator of [";", ",", "\t"]) {
    const table = ["Имя;Почта;Телефон", "Анна;anna@example.com;8 912 345-67-89", "Борис;no;8 912 345-67-80"].join(
      "\r\n",
    );
    const list = await read((title + table).replaceAll(";", separator));
    expect(people(list)).toMatchObject([{ firstName: "Анна", email: "anna@example.com" }]);
    // The line as an editor counts it.
    expect(problems(list)).toEqual([`${title.split("\r\n").length + 2}: email email`]);
  }
});

test.each([
  ["a comma above semicolons", "Список гостей, весна 2026", ";"],
  ["a comma above commas", "Список гостей, весна 2026", ","],
  ["a semicolon above commas", "Отчёт; гости", ","],
  ["the name of a column among its words", "Оплата, март", ","],
  ["commas above tabs, in two lines", "ООО Рога, Москва\nГости, весна 2026", "\t"],
])("a title that holds a separator is no header: %s", async (_name, title, separator) => {
  const table = [
    "Имя;Почта;Телефон;Компания",
    "Анна;anna@example.com;8 912 345-67-89;Рога",
    "Борис;no;8 912 345-67-80;",
  ];
  const list = await read(`${title}\n${table.join("\n").replaceAll(";", separator)}`);
  expect(people(list)).toMatchObject([{ firstName: "Анна", email: "anna@example.com", company: "Рога" }]);
  expect(problems(list)).toEqual([`${title.split("\n").length + 3}: email email`]);
});

test("a title that holds a comma parts no cells where most columns have names of their own, either", async () => {
  const list = await read("Гости, весна 2026\nФИО;Адрес для писем;Куда звонить\nАнна;anna@example.com;89123456789");
  expect(list.header).toEqual(["ФИО", "Адрес для писем", "Куда звонить"]);
});

test.each([
  [
    "commas in cells of a list of semicolons",
    "Имя;Почта;Телефон",
    "Анна, Мария, Ольга, Вера;a@example.com;89123456789",
  ],
  ["more cells than the header names", "Имя;Почта;Телефон;;", "Анна;a@example.com;89123456789;один;два"],
  ["fewer cells than columns", "Имя;Почта;Телефон;Компания;Город", "Анна;a@example.com;89123456789"],
  ["a line without an address first", "Имя;Почта;Телефон", "Анна;нет;нет;один;два\nАнна;a@example.com;89123456789"],
])("the first line stays the header: %s", async (_name, header, row) => {
  const list = await read(`${header}\n${row}`);
  expect(list.header[0]).toBe("Имя");
  expect(people(list).map(({ email }) => email)).toEqual(["a@example.com"]);
});
