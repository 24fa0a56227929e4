import { expect, test } from "vitest";
import { missingFields, type Target } from "./columns";
import { suggestColumns } from "./suggest-columns";

/** Headers by what they are taken for; those that are not used are left out. */
function suggest(header: string[], sample: string[][] = []) {
  const columns = suggestColumns(header, sample);
  const found: Partial<Record<Target, string[]>> = {};
  for (const [place, target] of columns.targets.entries())
    if (target) found[target] = [...(found[target] ?? []), header[place] ?? ""];
  return { found, missing: missingFields(columns), guessed: columns.guessed };
}

const programs: [name: string, header: string, found: Partial<Record<Target, string[]>>][] = [
  [
    "Bitrix24 in Russian",
    "ID;Обращение;Имя;Отчество;Фамилия;Дата рождения;Создан;Компания;Рабочий телефон;Мобильный телефон;Номер факса;Домашний телефон;Рабочий e-mail;Частный e-mail;Другой e-mail;Источник;Ответственный",
    {
      firstName: ["Имя"],
      lastName: ["Фамилия"],
      company: ["Компания"],
      registeredAt: ["Создан"],
      phone: ["Рабочий телефон", "Мобильный телефон", "Домашний телефон"],
      email: ["Рабочий e-mail", "Частный e-mail", "Другой e-mail"],
      utm_source: ["Источник"],
    },
  ],
  [
    "Bitrix24 in English",
    "ID;Salutation;First name;Second name;Last name;Date of birth;Created on;Company;Work Phone;Mobile;Fax;Home Phone;Work E-mail;Home E-mail;Source;Responsible person",
    {
      firstName: ["First name"],
      lastName: ["Last name"],
      company: ["Company"],
      registeredAt: ["Created on"],
      phone: ["Work Phone", "Mobile", "Home Phone"],
      email: ["Work E-mail", "Home E-mail"],
      utm_source: ["Source"],
    },
  ],
  [
    "Google",
    "First Name;Middle Name;Last Name;Phonetic First Name;Name Prefix;Nickname;Organization Name;Birthday;Notes;Labels;E-mail 1 - Label;E-mail 1 - Value;E-mail 2 - Label;E-mail 2 - Value;Phone 1 - Label;Phone 1 - Value;Address 1 - City",
    {
      firstName: ["First Name"],
      lastName: ["Last Name"],
      company: ["Organization Name"],
      email: ["E-mail 1 - Value", "E-mail 2 - Value"],
      phone: ["Phone 1 - Value"],
    },
  ],
  [
    "Google in its older form",
    "Name;Given Name;Additional Name;Family Name;E-mail 1 - Type;E-mail 1 - Value;Phone 1 - Type;Phone 1 - Value;Organization 1 - Name",
    {
      fullName: ["Name"],
      firstName: ["Given Name"],
      lastName: ["Family Name"],
      email: ["E-mail 1 - Value"],
      phone: ["Phone 1 - Value"],
    },
  ],
  [
    "Mailchimp",
    "Email Address;First Name;Last Name;Address;Phone Number;MEMBER_RATING;OPTIN_TIME;CONFIRM_TIME;LAST_CHANGED;NOTES;TAGS",
    {
      email: ["Email Address"],
      firstName: ["First Name"],
      lastName: ["Last Name"],
      phone: ["Phone Number"],
      registeredAt: ["OPTIN_TIME", "CONFIRM_TIME"],
    },
  ],
  [
    "HubSpot",
    "Record ID;First Name;Last Name;Email;Phone Number;Mobile Phone Number;Contact owner;Lead Status;Create Date;Company name",
    {
      firstName: ["First Name"],
      lastName: ["Last Name"],
      email: ["Email"],
      phone: ["Phone Number", "Mobile Phone Number"],
      registeredAt: ["Create Date"],
      company: ["Company name"],
    },
  ],
  [
    "Outlook in English",
    "First Name;Middle Name;Last Name;Company;Business Phone;Home Phone;Mobile Phone;Primary Phone;E-mail Address;E-mail Type;E-mail Display Name;E-mail 2 Address;E-mail 3 Address",
    {
      firstName: ["First Name"],
      lastName: ["Last Name"],
      company: ["Company"],
      phone: ["Business Phone", "Home Phone", "Mobile Phone", "Primary Phone"],
      email: ["E-mail Address", "E-mail 2 Address", "E-mail 3 Address"],
    },
  ],
  [
    "Outlook in Russian",
    "Имя;Отчество;Фамилия;Организация;Рабочий телефон;Домашний телефон;Телефон переносной;Основной телефон;Адрес эл. почты;Тип эл. почты;Адрес 2 эл. почты",
    {
      firstName: ["Имя"],
      lastName: ["Фамилия"],
      company: ["Организация"],
      phone: ["Рабочий телефон", "Домашний телефон", "Телефон переносной", "Основной телефон"],
      email: ["Адрес эл. почты", "Адрес 2 эл. почты"],
    },
  ],
  [
    "1C",
    "Код;ФИО;Организация;Телефон (моб.);Адрес электронной почты;Дата регистрации",
    {
      fullName: ["ФИО"],
      company: ["Организация"],
      phone: ["Телефон (моб.)"],
      email: ["Адрес электронной почты"],
      registeredAt: ["Дата регистрации"],
    },
  ],
];

for (const [name, header, found] of programs) {
  test(`the columns of ${name} are recognised by their names`, () => {
    expect(suggest(header.split(";"))).toEqual({ found, missing: [], guessed: false });
  });
}

test.each([
  ["Bitrix24", "Имя;E-mail;Телефон;Источник;UTM Source;UTM Medium;UTM Campaign", "UTM Source", "UTM Campaign"],
  ["amoCRM", "Имя;E-mail;Телефон;utm_source;utm_campaign;Источник;Кампания", "utm_source", "utm_campaign"],
  ["HubSpot", "First Name;Email;Phone Number;Source;Campaign;utm_source;utm_campaign", "utm_source", "utm_campaign"],
])("beside columns of UTM tags the source and the campaign of %s are its own", (_program, header, source, campaign) => {
  expect(suggest(header.split(";")).found).toMatchObject({ utm_source: [source], utm_campaign: [campaign] });
});

test("without columns of UTM tags source and campaign are taken for such", () => {
  expect(suggest("Имя;E-mail;Телефон;Источник;Кампания".split(";")).found).toMatchObject({
    utm_source: ["Источник"],
    utm_campaign: ["Кампания"],
  });
});

test("a name of many meanings is a guess", () => {
  expect(suggest(["Наименование", "Телефон", "E-mail"])).toEqual({
    found: { fullName: ["Наименование"], phone: ["Телефон"], email: ["E-mail"] },
    missing: [],
    guessed: true,
  });
  expect(suggest(["Клиент", "Имя", "Телефон", "E-mail"])).toMatchObject({ guessed: false });
});

test("where names do not tell, what stands in a column does, and that is a guess", () => {
  const sample = [
    ["Анна", "", "8 (916) 123-45-67", "anna@example.com", "12"],
    ["Борис", "", "+79161234568", "b@example.com", "13"],
  ];
  expect(suggest(["Имя", "Заметка", "Связь", "Адрес", "Возраст"], sample)).toEqual({
    found: { firstName: ["Имя"], phone: ["Связь"], email: ["Адрес"] },
    missing: [],
    guessed: true,
  });
  expect(
    suggest(
      ["Имя", "Связь"],
      [
        ["Анна", "anna@example.com"],
        ["Борис", "в пути"],
      ],
    ),
  ).toMatchObject({
    missing: ["email", "phone"],
  });
});

test("a list without a header is not taken for one with a header", () => {
  const person = ["Анна", "anna@example.com", "9123456789"];
  expect(suggest(person, [person])).toEqual({
    found: {},
    missing: ["firstName", "email", "phone"],
    guessed: false,
  });
});
