import { expect, test } from "vitest";
import { cleanTouch } from "../registration/utmUtils";
import { anna, people, problems, readList as read } from "../test/lists";
import { surveyFile } from "./import-file";
import { type ImportRow, readRows } from "./rows";

const spellings: [name: string, file: string | Buffer][] = [
  [
    "English headers and commas",
    `First name,Last name,E-mail,Phone,Paid,Registered at,utm_source,utm_term\n` +
      `Анна,О'Нил,Anna@Example.com,8 (912) 345-67-89,yes,2025-03-01 10:30,vk,курс; утро\n`,
  ],
  [
    "Russian headers, semicolons and Windows line ends",
    `ТЕЛЕФОН;почта;Имя;фамилия;Оплачено;Дата регистрации;UTM_SOURCE;utm_term\r\n` +
      `9123456789;anna@example.com;Анна;О'Нил;Да;01.03.2025 10:30;vk;"курс; утро"\r\n`,
  ],
  [
    "names of fields, another order, quotes and a foreign column",
    `"utm_term","comment","paid","registeredAt","phone","lastName","email","firstName","utmSource"\n` +
      `"курс; утро","a ""quoted"" word","1","2025-03-01T13:30:00+03:00","'+79123456789","О'Нил","anna@example.com","Анна","vk"\n`,
  ],
  [
    "tabs, blank lines and spaces round the cells",
    `\n имя\tФамилия\tЭлектронная почта\tТелефон\tОплата\tДата регистрации\tutm source\tutm term\n\n` +
      ` Анна \tО'Нил \tanna@example.com\t8-912-345-67-89\t+\t2025-03-01 10:30:00\tvk\tкурс; утро\n\t\t\t\t\t\t\t\n`,
  ],
];

for (const [name, file] of spellings) {
  test(`a list with ${name} is understood`, async () => {
    expect(people(await read(file))).toEqual([anna]);
  });
}

test("an apostrophe within a cell is the text's own, but for one that this site has put before a formula", async () => {
  const header = "имя,почта,телефон,компания";
  const person = `Анна,anna@example.com,9123456789,"размеры 1, '-5'"`;
  expect(people(await read(`${header}\n${person}`))).toMatchObject([{ company: "размеры 1, '-5'" }]);
  expect(
    people(await read(`refused line,refused because,${header}\n2,E-mail: not an address,${person}`)),
  ).toMatchObject([{ company: "размеры 1, -5'" }]);
});

test("our own export can be imported, day of payment included", async () => {
  const columns = ["Номер", "Имя", "Фамилия", "Почта", "Телефон", "Регистрация (UTC)", "Оплата", "Дата оплаты (UTC)"];
  const marks = ["Битрикс24", "Контакт", "Сделка", "Источник", "Кампания"];
  const english = ["No.", "First name", "Last name", "E-mail", "Phone", "Registered (UTC)", "Payment", "Paid on (UTC)"];
  const person = ["7", "Анна", "О'Нил", "anna@example.com", "'+79123456789", "2025-03-01 10:30:00"];
  const rest = ["2025-03-02 08:00:00", "В Битрикс24", "12", "13", "vk", "осень"];
  const stored = {
    ...anna,
    paidAt: new Date("2025-03-02T08:00:00Z"),
    utm: { utm_source: "vk", utm_campaign: "осень" },
  };
  expect(
    people(
      await read(`\ufeff${[...columns, ...marks].join(";")}\r\n${[...person, "Оплачено", ...rest].join(";")}\r\n`),
    ),
  ).toEqual([stored]);
  expect(
    people(
      await read(
        `${[...english, "Bitrix24", "Contact", "Deal", "Source", "Campaign"].join(",")}\n${[...person, "Paid", ...rest].join(",")}`,
      ),
    ),
  ).toEqual([stored]);
});

test("a day that a program writes where there is none is neither a payment nor a mistake", async () => {
  const list = await read(
    [
      "имя;почта;телефон;дата регистрации;дата оплаты",
      "Анна;a@example.com;+79123456781;30.12.1899;0000-00-00 00:00:00",
      "Борис;b@example.com;+79123456782;01.01.0001 0:00:00;01.01.1970",
      "Вера;c@example.com;+79123456783;01.03.2025;01.03.2025",
    ].join("\n"),
  );
  expect(problems(list)).toEqual([]);
  const day = new Date("2025-03-01T00:00:00Z");
  expect(people(list)).toMatchObject([
    { isPaid: false, paidAt: null, registeredAt: null },
    { isPaid: false, paidAt: null, registeredAt: null },
    { isPaid: true, paidAt: day, registeredAt: day },
  ]);
});

test("a list brings no advertising in under a name, and companies that are called by their domain are let in", async () => {
  const list = await read(
    "First name,Last name,Company,E-mail,Phone\n" +
      "Win at casino.com,,,a@example.com,+79123456781\n" +
      "Анна,t.me/win,,b@example.com,+79123456782\n" +
      "Анна,,https://spam.example,c@example.com,+79123456783\n" +
      "Анна,,Ozon.ru,d@example.com,+79123456784\n",
  );
  expect(problems(list)).toEqual(["2: firstName no_links", "3: lastName no_links", "4: company no_links"]);
  expect(people(list)).toMatchObject([{ company: "Ozon.ru" }]);
});

test("what is pasted into a cell is cleaned as the form cleans it", async () => {
  const list = await read(
    [
      "имя;фамилия;почта;телефон",
      "\u200bАнна;Серге\u0438\u0306;anna@example.com\u200b;\u202a8 (912) 345-67-89 доб. 12\u202c",
      "Анна;-;иван@почта.рф;tel:+79123456789",
      "Борис;;ИВАН@xn--80a1acny.xn--p1ai;9123456789",
      "\u00ad;;b@example.com;9123456789",
    ].join("\n"),
  );
  expect(people(list)).toMatchObject([
    { firstName: "Анна", lastName: "Сергей", email: "anna@example.com", phone: "+79123456789", phoneExtension: "12" },
    { lastName: null, email: "иван@xn--80a1acny.xn--p1ai", phone: "+79123456789", phoneExtension: null },
  ]);
  expect(problems(list)).toEqual(["4: email duplicate", "5: firstName required"]);
});

test("a company is taken under its usual names, and may be left out or be 200 characters long", async () => {
  for (const header of ["Компания", "Организация", "Company", "Company name"]) {
    const cells = [" ООО «Ромашка» ", "", "я".repeat(200), "я".repeat(201)];
    const lines = cells.map((cell, index) => `Анна;person${index}@example.com;9123456789;${cell}`);
    const list = await read([`имя;почта;телефон;${header}`, ...lines].join("\n"));
    expect(people(list).map(({ company }) => company)).toEqual(["ООО «Ромашка»", null, "я".repeat(200)]);
    expect(problems(list)).toEqual(["5: company too_long"]);
  }
});

test("a day of payment alone means paid; one beside a no does not", async () => {
  const list = await read(
    [
      "имя,почта,телефон,дата оплаты,оплачено",
      "Анна,a@example.com,9123456789,02.03.2025,",
      "Борис,b@example.com,9123456780,02.03.2025,нет",
      "Вера,v@example.com,9123456781,,",
    ].join("\n"),
  );
  expect(people(list)).toMatchObject([
    { isPaid: true, paidAt: new Date("2025-03-02T00:00:00Z") },
    { isPaid: false, paidAt: null },
    { isPaid: false, paidAt: null },
  ]);
});

const russian = String(spellings[1]?.[1]);
const utf16be = Buffer.from(`\ufeff${russian}`, "utf16le").swap16();
/** Cyrillic as Russian Windows writes it. */
const windows1251 = Buffer.from(
  [...russian].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return code;
    if (character === "ё") return 0xb8;
    return code - 0x410 + 0xc0;
  }),
);

const encodings: [name: string, file: Buffer, encoding: string][] = [
  ["UTF-8", Buffer.from(russian), "utf-8"],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${russian}`), "utf-8"],
  ["UTF-16", Buffer.from(`\ufeff${russian}`, "utf16le"), "utf-16le"],
  ["UTF-16 of the other order", utf16be, "utf-16be"],
  ["windows-1251", windows1251, "windows-1251"],
];

for (const [name, file, encoding] of encodings) {
  test(`a list in ${name} is read`, async () => {
    const list = await read(file);
    expect(list.encoding).toBe(encoding);
    expect(people(list)).toEqual([anna]);
  });
}

test("letters cut by the border of two pieces stay whole", async () => {
  const bytes = Buffer.from(russian);
  const list = await surveyFile(async function* () {
    for (const byte of bytes) yield Uint8Array.of(byte);
  });
  const rows: ImportRow[] = [];
  for await (const row of readRows(list)) rows.push(row);
  expect(people({ rows })).toEqual([anna]);
});

const header = "имя,почта,телефон";
const person = "Анна,anna@example.com,9123456789";

const unreadable: [name: string, file: string | Buffer, problem: object][] = [
  ["an empty file", "", { code: "empty" }],
  ["a header alone", `${header}\n\n`, { code: "empty" }],
  ["no header", `${person}\n${person}\n`, { code: "columns_missing", fields: ["firstName"] }],
  ["a header without a phone", `имя,почта\nАнна,anna@example.com\n`, { code: "columns_missing", fields: ["phone"] }],
  ["a spreadsheet", Buffer.from("504b030414000600", "hex"), { code: "spreadsheet" }],
  ["a table of HTML", "<html><body><table><tr><td>Имя</td></tr></table></body></html>", { code: "spreadsheet" }],
  [
    "a table of HTML behind a mark",
    "\ufeff\r\n<html><table><tr><td>Имя</td></tr></table></html>",
    { code: "spreadsheet" },
  ],
  ["a table of XML in UTF-16", Buffer.from('\ufeff<?xml version="1.0"?>', "utf16le"), { code: "spreadsheet" }],
  [
    "one in UTF-16 of the other order",
    Buffer.from('\ufeff<?xml version="1.0"?>', "utf16le").swap16(),
    { code: "spreadsheet" },
  ],
  [
    "UTF-8 with a broken letter",
    Buffer.concat([Buffer.from(`${header}\n${person}\n`), Buffer.from([0xd0]), Buffer.from(",b@example.com,1\n")]),
    { code: "encoding" },
  ],
  ["a quote that is not closed", `${header}\n${person}\n"Борис,b@example.com,1\n`, { code: "quote", line: 3 }],
  [
    "a quote that swallows the file",
    `${header}\n"Борис,${"b@example.com,1\n".repeat(10_000)}`,
    { code: "quote", line: 2 },
  ],
];

for (const [name, file, problem] of unreadable) {
  test(`${name} is refused as a whole`, async () => {
    await expect(read(file)).rejects.toMatchObject({ name: "ImportFileError", ...problem });
  });
}

test("tags of campaigns are cleaned as those of a form and of programs are", async () => {
  const tags = { vk: "v\u200bk\u00a0ads", осень: "о\u0301сень\t\u202e", long: `${"u".repeat(254)} long` };
  const list = await read(
    [
      "имя,почта,телефон,utm_source,utm_campaign,utm_term",
      `Анна,a@example.com,9123456780,${tags.vk},${tags.осень},${tags.long}`,
    ].join("\n"),
  );
  const { vk: utm_source, осень: utm_campaign, long: utm_term } = tags;
  expect(people(list).map(({ utm }) => utm)).toEqual([cleanTouch({ utm_source, utm_campaign, utm_term })]);
  expect(people(list)[0]?.utm).toMatchObject({ utm_source: "vk ads", utm_term: "u".repeat(254) });
});

test("every bad row says its line and everything that is wrong with it", async () => {
  const list = await read(
    [
      "имя,почта,телефон,фамилия,оплачено,дата регистрации,utm_source",
      person,
      ",,",
      `Борис,boris,12345`,
      `"Вера\nПавловна",vera@example.com,9123456780,,может быть,31.02.2025`,
      `${"я".repeat(101)},g@example.com,9123456781,,,01.01.2999,vk`,
      `Дарья,d@example.com,9123456782,,,,vk,лишнее`,
      `\u202eЕгор,e@example.com,9123456783,,,,a\ufffdb`,
      `Жанна,,9123456784`,
    ].join("\n"),
  );
  expect(problems(list)).toEqual([
    "4: email email, phone phone",
    "5: firstName characters, paid paid, registeredAt date",
    "7: firstName too_long, registeredAt future",
    "8: null cells",
    "9: firstName characters, utm_source characters",
    "10: email required",
  ]);
  expect(list.rows).toHaveLength(7);
});

test("an address that comes again is told apart, however it is spelt", async () => {
  const list = await read(`${header}\n${person}\nАня, ANNA@example.com ,9123456780\nБорис,b@example.com,9123456781\n`);
  expect(problems(list)).toEqual(["3: email duplicate"]);
  expect(people(list).map(({ firstName }) => firstName)).toEqual(["Анна", "Борис"]);
});

test("a refused line does not make a later one with its address a duplicate", async () => {
  const list = await read(`${header}\nАнна,anna@example.com,1\n${person}\n`);
  expect(problems(list)).toEqual(["2: phone phone"]);
  expect(people(list)).toHaveLength(1);
});

test("quotation marks inside a cell are part of it", async () => {
  const list = await read(`имя;почта;телефон\nООО "Рога";r@example.com;9123456789\n`);
  expect(people(list)).toMatchObject([{ firstName: 'ООО "Рога"' }]);
});

test("the same bytes have the same digest, others another", async () => {
  const [first, same, other] = await Promise.all(
    [person, person, `${person}\n`].map((rows) => read(`${header}\n${rows}`)),
  );
  expect(first?.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(same?.digest).toBe(first?.digest);
  expect(other?.digest).not.toBe(first?.digest);
});
