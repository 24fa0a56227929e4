import { expect, test } from "vitest";
import { suggestColumns } from "../import/suggest-columns";
import { mapColumns, parseOptions } from "./import-options";

test("the file alone is enough", () => {
  expect(parseOptions(["people.csv"])).toEqual({
    path: "people.csv",
    dryRun: false,
    yes: false,
    zone: undefined,
    map: [],
  });
});

test("columns are named with what they are, signs in their names included", () => {
  expect(parseOptions(["people.csv", "--map", "a=b =email", "--map", "Имя="])).toMatchObject({
    map: [
      ["a=b", "email"],
      ["Имя", null],
    ],
  });
});

test.each([
  [[], "Say which list to import."],
  [["a.csv", "b.csv"], "b.csv is too much."],
  [["a.csv", "--fast"], "Unknown option '--fast'"],
  [["a.csv", "--map", "Имя"], '--map Имя: expected "COLUMN=FIELD".'],
  [["a.csv", "--map", "Имя=name"], '--map Имя=name: expected "COLUMN=FIELD".'],
  [["a.csv", "--map", "=email"], "--map =email"],
  [["a.csv", "--timezone", "MSK"], "--timezone MSK: expected an IANA name"],
])("%j is refused in words", (args, words) => {
  expect(() => parseOptions(args)).toThrow(words);
});

const suggested = suggestColumns(["Имя", "Почта", "Связь"], []);

test("what is said of a column goes before what its name says", () => {
  expect(
    mapColumns(suggested, [
      ["имя", "lastName"],
      ["3", "phone"],
      ["Почта", null],
    ]),
  ).toMatchObject({ targets: ["lastName", null, "phone"] });
});

test("columns without names are told by their numbers", () => {
  const nameless = suggestColumns(["", "", "Связь"], []);
  expect(mapColumns(nameless, [["1", "fullName"]])).toMatchObject({ targets: ["fullName", null, null] });
  expect(mapColumns(nameless, [["Имя", "fullName"]])).toBe(
    '--map: there is no column "Имя". The columns are: 1, 2, Связь.',
  );
});

test("a column that is not there is told with those that are", () => {
  for (const column of ["Телефон", "4", "0"])
    expect(mapColumns(suggested, [[column, "phone"]])).toBe(
      `--map: there is no column "${column}". The columns are: Имя, Почта, Связь.`,
    );
});
