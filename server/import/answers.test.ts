import { expect, test } from "vitest";
import type { Question } from "../forms/definition";
import { people, problems, readList } from "../test/lists";
import { refusedColumns } from "./refused-columns";

const words = (en: string, ru = "") => ({ en, ru });
const question = (key: string, kind: Question["kind"], label: Question["label"], more: Partial<Question> = {}) =>
  ({
    key,
    kind,
    label,
    help: words(""),
    required: false,
    options: [],
    former: [],
    parameter: "",
    ...more,
  }) satisfies Question;
const option = (value: string, en: string, ru = "") => ({ value, label: words(en, ru) });

const questions: Question[] = [
  question("size", "choice", words("T-shirt size", "Размер футболки"), {
    options: [option("s", "Small", "Маленький"), option("l", "Large", "Большой")],
  }),
  question("days", "choices", words("Which days?", "В какие дни?"), {
    options: [
      option("m", "Monday", "Понедельник"),
      option("both", "Morning; evening", "Утро; вечер"),
      option("t", "Tuesday"),
    ],
  }),
  question("age", "number", words("Age", "Возраст")),
  question("born", "date", words("Born", "Дата рождения")),
  question("vegan", "yesno", words("Vegan?", "Веган?")),
  question("why", "long", words("Why", "Почему"), { required: true }),
  question("from_ad", "hidden", words("Ad")),
];

const person = "Анна,anna@example.com,9123456789";
const read = (header: string, ...rows: string[]) =>
  readList(
    [`имя,почта,телефон,${header}`, ...rows.map((row, at) => `${person.replace("anna", `a${at}`)},${row}`)].join("\n"),
    "UTC",
    questions,
  );
const answers = async (header: string, ...rows: string[]) =>
  people(await read(header, ...rows)).map((each) => each.answers);

test("answers are recognised by the question's label in either language, and by its key", async () => {
  const all = { size: "l", age: "30", why: "так" };
  expect(await answers("T-shirt size,Age,Why", "Large,30,так")).toEqual([all]);
  expect(await answers("размер ФУТБОЛКИ,Возраст,Почему", "большой,30,так")).toEqual([all]);
  expect(await answers("size,q_age,Why (why)", "l,30,так")).toEqual([all]);
});

test("each kind of answer is read as people and spreadsheets write it", async () => {
  const header = "days,age,born,vegan,from_ad";
  expect(
    await answers(
      header,
      'Tuesday; monday,"1 200,50",26.11.2026,да,banner',
      '"понедельник, Утро; вечер",\'-5,2026-11-26,No,',
      "m;t,,,,",
      ",,30.12.1899 0:00:00,,",
    ),
  ).toEqual([
    { days: ["m", "t"], age: "1200.5", born: "2026-11-26", vegan: "yes", from_ad: "banner" },
    { days: ["m", "both"], age: "-5", born: "2026-11-26", vegan: "no" },
    { days: ["m", "t"] },
    {},
  ]);
});

test("a day is read with the midnight that programs add to it, and with no other time", async () => {
  const days = ["15.05.1990 0:00:00", "1990-05-15 00:00:00", "1990-05-15T00:00:00.000Z", "15.05.1990 г.", "15.05.1990"];
  expect(await answers("born", ...days)).toEqual(days.map(() => ({ born: "1990-05-15" })));
  const list = await read("born", "15.05.1990 21:00:00", "1990-05-14T20:00:00Z", "31.02.1990 0:00", "15.05.90 0:00");
  expect(problems(list)).toEqual([2, 3, 4, 5].map((line) => `${line}: answer.born day`));
});

test("a dash is no answer, and what is not part of a word, number or date does not count", async () => {
  expect(
    await answers("size,days,age,born,vegan", "-,—,-,–,-", "…,…,…,…,…", "l\u200b,Monday\u200b,'30,'2026-11-26,✔\ufe0f"),
  ).toEqual([{ vegan: "no" }, {}, { size: "l", days: ["m"], age: "30", born: "2026-11-26", vegan: "yes" }]);
  const dash = [question("seat", "choice", words("Seat"), { options: [option("-", "None"), option("a", "A")] })];
  expect(people(await readList(`имя,почта,телефон,Seat\n${person},-`, "UTC", dash))).toMatchObject([
    { answers: { seat: "-" } },
  ]);
});

test("an answer that does not fit refuses its line and names the question", async () => {
  const list = await read("size,days,age,born,vegan,why", "XL,Sunday,many,31.02.2026,perhaps,РђРЅРЅР°", ",,,,,");
  expect(problems(list)).toEqual([
    "2: answer.size option, answer.days option, answer.age number, answer.born day, answer.vegan option, answer.why garbled",
  ]);
  expect(people(list)).toHaveLength(1);
});

test("an answer to a hidden question that cannot be kept refuses its line; signs alone are kept", async () => {
  const list = await read("from_ad", `"a\nb"`, "x".repeat(501), "a\ufffdb", "—");
  expect(problems(list)).toEqual([
    "2: answer.from_ad characters",
    "4: answer.from_ad too_long",
    "5: answer.from_ad characters",
  ]);
  expect(people(list).map((each) => each.answers)).toEqual([{ from_ad: "—" }]);
});

test("a question that is called like a person's field takes no column of that field alone", async () => {
  const asked = [
    ...questions,
    question("work_phone", "text", words("Work phone")),
    question("pay", "text", words("Paid (EUR)")),
  ];
  const both = await readList(
    "First name,E-mail,Phone,Work phone,Paid,Paid (EUR)\nАнна,a@example.com,9123456789,12,yes,20",
    "UTC",
    asked,
  );
  expect(people(both)).toMatchObject([
    { phone: "+79123456789", isPaid: true, answers: { work_phone: "12", pay: "20" } },
  ]);
  const one = await readList("First name,E-mail,Work phone\nАнна,a@example.com,9123456789", "UTC", asked);
  expect(people(one)).toMatchObject([{ phone: "+79123456789", answers: {} }]);
});

test("what was exported with an option that is offered no longer comes back; an offered one of the same words comes first", async () => {
  const [size, days] = questions as [Question, Question];
  const asked = [
    { ...size, former: [option("xl", "Extra large"), option("m", "Large")] },
    { ...days, former: [option("w", "Wednesday; noon", "Среда")] },
  ];
  const list = await readList(
    [
      `имя,почта,телефон,size,days`,
      `${person},extra LARGE,"Monday; Wednesday; noon"`,
      `${person.replace("anna", "b")},Large,m; w`,
      `${person.replace("anna", "c")},m,`,
    ].join("\n"),
    "UTC",
    asked,
  );
  expect(people(list).map((each) => each.answers)).toEqual([
    { size: "xl", days: ["m", "w"] },
    { size: "l", days: ["m", "w"] },
    { size: "m" },
  ]);
});

test("the words of an offered option are not taken for a former one's value", async () => {
  const [size] = questions as [Question];
  const asked = [{ ...size, options: [option("Basic 2", "Basic")], former: [option("Basic", "Standard")] }];
  const list = await readList(
    ["имя,почта,телефон,size", `${person},Basic`, `${person.replace("anna", "b")},Standard`].join("\n"),
    "UTC",
    asked,
  );
  expect(people(list).map((each) => each.answers)).toEqual([{ size: "Basic 2" }, { size: "Basic" }]);
});

test("two questions of the same words are told apart by their keys alone", async () => {
  const twice = [question("one", "text", words("Same")), question("two", "text", words("Same"))];
  const list = await readList(`имя,почта,телефон,Same (two),Same (one),Same\n${person},2,1,0`, "UTC", twice);
  expect(people(list)).toMatchObject([{ answers: { one: "1", two: "2" } }]);
  expect(list.columns.targets.at(-1)).toBeNull();
});

test("the reasons in a file of refused lines are nobody's answer, whatever the form asks", async () => {
  const asked = [question("line", "text", words("Line", "Линия")), question("reason", "text", words("Reason"))];
  const read = (header: string, cells: string) =>
    readList(`${header},name,email,phone\n${cells},Anna,anna@example.com,9123456789`, "UTC", asked);
  const answersOf = async (...list: [string, string]) => people(await read(...list)).map((each) => each.answers);
  expect(await answersOf(refusedColumns.join(), "3,E-mail: not an address")).toEqual([{}]);
  expect(await answersOf("line,reason", "3,E-mail: not an address")).toEqual([{}]);
  expect(await answersOf(`${refusedColumns},Line,Reason`, "3,E-mail: not an address,Red,Work")).toEqual([
    { line: "Red", reason: "Work" },
  ]);
  expect(await answersOf("Line,Reason", "Red,Work")).toEqual([{ line: "Red", reason: "Work" }]);
});
