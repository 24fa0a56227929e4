import { expect, test } from "vitest";
import { people, problems, readList as read } from "../test/lists";
import { chooseColumns, type Target } from "./columns";
import { bytesSource, surveyFile } from "./import-file";
import { type ImportRow, readRows } from "./rows";

/** As an administrator says which column is what. */
async function readAs(file: string, targets: Target[]) {
  const list = await surveyFile(bytesSource(Buffer.from(file)), {
    choose: ({ header }) => chooseColumns(header, targets),
  });
  const rows: ImportRow[] = [];
  for await (const row of readRows(list)) rows.push(row);
  return { ...list, rows };
}

test.each([
  ["alone", ""],
  ["below a title", "Список гостей\n\n"],
])("a list without a header loses no person: %s", async (_name, title) => {
  const lines = ["Анна;anna@example.com;8 912 345-67-89", "Борис;b@example.com;8 912 345-67-80;Рога"];
  const list = await readAs(title + lines.join("\n"), ["firstName", "email", "phone", "company"]);
  expect(list.header).toEqual(["", "", "", ""]);
  expect(people(list)).toMatchObject([
    { firstName: "Анна", email: "anna@example.com" },
    { firstName: "Борис", email: "b@example.com", company: "Рога" },
  ]);
  expect(list.rows.map(({ line }) => line)).toEqual(title === "" ? [1, 2] : [3, 4]);
});

test.each([
  ["Анна;;+79123456789"],
  ["Анна;;8 912 345-67-89 / 8 912 345-67-80"],
  ["Анна;;7.91E+10"],
  ["Анна;a@example.com, a2@example.com;"],
  ["Анна;Почта: нет, a@example.com;"],
  ["Анна;'a@example.com;"],
])("the first line of a list without a header is a person also with a phone or several addresses: %s", async (line) => {
  const list = await readAs(`${line}\nБорис;b@example.com;8 912 345-67-80`, ["firstName", "email", "phone"]);
  expect(list.header).toEqual(["", "", ""]);
  expect(list.rows.map((row) => row.line)).toEqual([1, 2]);
});

test("a header of names that nobody knows stays the header, whatever stands below", async () => {
  const list = await readAs("Кто;Куда;Номер\nАнна;anna@example.com;89123456789", ["firstName", "email", "phone"]);
  expect(list.header).toEqual(["Кто", "Куда", "Номер"]);
  expect(people(list)).toHaveLength(1);
});

test.each([";", ",", "|"])(
  "a list whose every line is one quoted cell is read as what the cells hold: %j",
  async (separator) => {
    const lines = [
      "Имя;Почта;Телефон;Компания",
      'Анна;anna@example.com;89123456789;"ООО ""Рога; копыта"""',
      "Борис;no;1;",
    ];
    const packed = lines.map((line) => `"${line.replaceAll(";", separator).replaceAll('"', '""')}"`);
    const list = await read(packed.join("\r\n"));
    expect(people(list)).toMatchObject([
      { firstName: "Анна", email: "anna@example.com", company: `ООО "Рога${separator} копыта"` },
    ]);
    expect(problems(list)).toEqual(["3: email email, phone phone"]);
  },
);

test("one column alone is left as it is", async () => {
  await expect(read('"Гости, весна"\n"anna@example.com"\n')).rejects.toMatchObject({ code: "columns_missing" });
});
