import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertySeed } from "../test/property";
import { type CsvRecord, readRecords } from "./csv";

async function* pieces(text: string, size = 7) {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(text: string, size?: number): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of readRecords(pieces(text, size), "utf-8")) records.push(record);
  return records;
}

const cells = async (text: string) => (await read(text)).map((record) => record.cells);

const header = "имя;почта";

test.each([
  ["sep=;", "sep=;\r\nимя;почта\r\nАнна, Мария;a@example.com\r\n"],
  ["a byte order mark before it", "\ufeffsep=;\nимя;почта\nАнна, Мария;a@example.com"],
  ["quotation marks round it", '"sep=;"\nимя;почта\nАнна, Мария;a@example.com'],
  ["both", '\ufeff"sep=;"\r\nимя;почта\r\nАнна, Мария;a@example.com\r\n'],
  ["capitals and empty cells behind it", "SEP=;;;\nимя;почта\nАнна, Мария;a@example.com"],
  ["a blank line before it", "\nsep=;\nимя;почта\nАнна, Мария;a@example.com"],
  ["another separator", "sep=|\rимя|почта\rАнна, Мария|a@example.com\r"],
  ["a tab", "sep=\t\nимя\tпочта\nАнна, Мария\ta@example.com"],
  ["one that nobody would guess", "sep=^\nимя^почта\nАнна, Мария^a@example.com"],
])("a first line that says what separates cells is heeded and skipped: %s", async (_, text) => {
  expect(await cells(text)).toEqual([
    ["имя", "почта"],
    ["Анна, Мария", "a@example.com"],
  ]);
});

test("the line that names the separator is counted", async () => {
  expect((await read(`sep=;\n${header}\n\nАнна;a@example.com`)).map(({ line }) => line)).toEqual([2, 4]);
});

test("a list whose first column is called sep=ration is read like any", async () => {
  expect(await cells("sep=ration,b\n1,2")).toEqual([
    ["sep=ration", "b"],
    ["1", "2"],
  ]);
});

test.each([
  ["text behind a closed cell", `${header}\n"Анна "Аня"";a@example.com\nБорис;b@example.com`, 2],
  ["the same further down", `${header}\nВера;v@example.com\n"Анна" Аня;a@example.com\nБорис;b@example.com`, 3],
  ["a cell that is never closed", `${header}\nВера;v@example.com\n"Анна;a@example.com\nБорис;b@example.com`, 3],
  ["one that another cell's mark seems to close", `${header}\n\n"Анна;a@example.com\nБорис;"b@example.com"`, 3],
  ["one behind a cell of several lines", `${header}\n"Вера\nПавловна";v@example.com\n"Анна;a`, 4],
  ["a second cell", `${header}\nАнна;"a@example.com\n`, 2],
])("a quotation mark is blamed on its line: %s", async (_, text, line) => {
  for (const size of [1, 7, 100_000]) {
    const found = expect(read(text, size)).rejects;
    await found.toMatchObject({ code: "quote", line });
  }
});

test("quotation marks that are doubled, or stand inside a cell, are text", async () => {
  expect(await cells(`${header}\n"Анна ""Аня""";a@example.com\nООО "Рога";b@example.com\n"";c@example.com`)).toEqual([
    ["имя", "почта"],
    ['Анна "Аня"', "a@example.com"],
    ['ООО "Рога"', "b@example.com"],
    ["", "c@example.com"],
  ]);
});

test("line ends of all kinds may stand side by side, in cells too", async () => {
  const records = await read('a;b\r\n"1\r\n2";3\r4;5\n\n6;7\r\r8;9');
  expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
    [1, "a", "b"],
    [2, "1\r\n2", "3"],
    [4, "4", "5"],
    [6, "6", "7"],
    [8, "8", "9"],
  ]);
});

test("a record that never ends is refused with its line, whatever it is made of", async () => {
  const endless = [";".repeat(200_000), "x".repeat(200_000), `${"x;".repeat(2_000)}\n`];
  for (const line of endless)
    await expect(read(`${header}\nАнна;a@example.com\n${line}`, 64 * 1024)).rejects.toMatchObject({
      code: "long_line",
      line: 3,
    });
});

test("what is written by the rules is read as another reader reads it, however it is cut into pieces", async () => {
  const cell = fc.string({ unit: fc.constantFrom(..."aя \";,\n\r'=é😀"), maxLength: 8 }).map((text) => text.trim());
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  const quoted = (text: string) => (/["\n\r;,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), fc.constantFrom("\n", "\r\n"), async (rows, size, end) => {
      const text = `x;y${end}${rows.map((row) => row.map(quoted).join(";")).join(end)}`;
      const expected = parse(text, {
        delimiter: ";",
        record_delimiter: ["\r\n", "\n", "\r"],
        relax_column_count: true,
        relax_quotes: true,
        skip_empty_lines: true,
        skip_records_with_empty_values: true,
        trim: true,
      });
      expect((await read(text, size)).map((record) => record.cells)).toEqual(expected);
    }),
    { numRuns: 300, seed: propertySeed },
  );
});
