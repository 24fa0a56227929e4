import fc from "fast-check";
import { expect, test } from "vitest";
import { selectReady } from "../crm/select-ready";
import { type Answer, checkAnswer } from "../forms/answers";
import { type Question, type QuestionKind, questionKinds } from "../forms/definition";
import { type FieldRule, writeFieldMap } from "../platform/field-map";
import type { Job } from "../queue/queue";
import { newestChange, plannedChanges, saveSettings } from "../settings/change";
import { findFaults, startCrm, syncAll } from "../test/crm";
import { admin } from "../test/factories";
import { propertySeed } from "../test/property";
import { everyUserField, userFieldTypes } from "../test/user-fields";
import { previewRegistration } from "./preview";
import { reviewSettings } from "./review";

// What people answer to the owner's questions, from the form to the portal.

const macros = ["$result[deal][ID]", "$NEXT", "x $total y", "$Error[0]", "$time"];
const odd = fc.constantFrom(
  ...macros,
  "{name}",
  "a,b=c",
  "[b]x[/b]",
  "<b>&amp;",
  "42",
  "-7",
  "3,5",
  "0",
  "2026-05-06",
  "https://x.example/?a=1&b=2",
  "Ж😀",
  "да",
  "Line one\nline two",
  "x".repeat(300),
);
const anyText = fc.oneof(odd, fc.string({ maxLength: 60 }), fc.string({ unit: "grapheme", maxLength: 20 }));

/** The options of choices: words of the portal's list, and words that the portal would execute. */
const options = ["vk", "Да", "$result[x]", "third"].map((value) => ({
  value,
  label: { en: `${value} en`, ru: value },
}));
const question = (kind: QuestionKind): Question => ({
  key: `asked_${kind}`,
  kind,
  label: { en: `Question $total ${kind}`, ru: `Вопрос ${kind}` },
  help: { en: "", ru: "" },
  required: false,
  options: kind === "choice" || kind === "choices" ? options : [],
  former: [],
  parameter: kind === "hidden" ? "asked" : "",
});
const questions = questionKinds.map(question);

const given: Record<QuestionKind, fc.Arbitrary<unknown>> = {
  text: anyText,
  long: fc.array(anyText, { maxLength: 4 }).map((lines) => lines.join("\r\n")),
  choice: fc.constantFrom(...options.map(({ value }) => value)),
  choices: fc.subarray(options.map(({ value }) => value)),
  number: fc.oneof(fc.integer().map(String), fc.constantFrom("1,5", "-0", "1e5", "007", "2147483648", "0.1"), odd),
  date: fc
    .date({ min: new Date("1900-01-01"), max: new Date("2100-12-31"), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10)),
  yesno: fc.constantFrom("yes", "no"),
  hidden: anyText,
};
/** Only what the form takes is stored. */
const anyAnswers = fc
  .record(Object.fromEntries(questionKinds.map((kind) => [kind, fc.option(given[kind])])))
  .map((all) =>
    Object.fromEntries(
      questions.flatMap((each): [string, Answer][] => {
        const checked = checkAnswer(each, all[each.kind], "visitor");
        return "answer" in checked && checked.answer !== null ? [[each.key, checked.answer]] : [];
      }),
    ),
  );

const items = [
  { id: 41, value: "VK" },
  { id: 42, value: "Да" },
  { id: 43, value: "third en" },
];
const userFields = (record: string) => everyUserField(record, items);
const anyRule: fc.Arbitrary<FieldRule> = fc
  .record({
    source: fc.constantFrom(...questions.map(({ key }) => `answer.${key}`)),
    entity: fc.constantFrom("contact" as const, "deal" as const),
    field: fc.nat({ max: userFieldTypes.length * 2 - 1 }),
  })
  .map(({ source, entity, field }) => ({ source, entity, field: userFields(entity.toUpperCase())[field]?.name ?? "" }));

type Plain = Record<string, unknown>;

test("whatever is answered to whatever question: it arrives as the preview says, and nothing acts as a macro", async () => {
  const portal = { limits: { bucket: 0 }, userFields: { contact: userFields("CONTACT"), deal: userFields("DEAL") } };
  const crm = await startCrm({ portal });
  const { services } = crm;
  const definition = JSON.parse(JSON.stringify({ items: questions.map((each) => ({ question: each })) }));
  await services.db.form.update({ where: { id: 1 }, data: { definition } });
  await services.forms.reload();
  let arrived = 0;
  // In each run, so that some answers go to fields whatever the seed.
  const always: FieldRule[] = [
    { source: "answer.asked_text", entity: "deal", field: "UF_CRM_DEAL_STRING" },
    { source: "answer.asked_choices", entity: "contact", field: "UF_CRM_CONTACT_ENUMERATION_MANY" },
    { source: "answer.asked_hidden", entity: "contact", field: "UF_CRM_CONTACT_STRING" },
  ];
  const run = async (rules: FieldRule[], answers: Record<string, Answer>, locale: string) => {
    const accepted: FieldRule[] = [];
    for (const rule of [...always, ...rules]) {
      const fields = writeFieldMap([...accepted, rule]);
      const texts = { fields };
      const changes = await plannedChanges(services, texts);
      const { problems, silent } = await reviewSettings(services, { group: "fields", texts, changes, locale: "en" });
      expect(silent).toBe(false);
      if (problems.fields === undefined) accepted.push(rule);
      else expect(problems.fields.length).toBeGreaterThan(10);
    }
    expect(accepted).toEqual(expect.arrayContaining(always));
    await saveSettings(services, {
      actor: admin,
      texts: { fields: writeFieldMap(accepted) },
      seen: await newestChange(services),
    });
    const userId = await crm.register();
    await services.db.user.update({ where: { id: userId }, data: { answers, locale } });
    const [ready] = (await selectReady(services, [{ id: "preview", userId, priority: 0 } as Job])).go;
    if (!ready) throw new Error("the registration is not ready");
    const expected = await previewRegistration(services, { env: services.env, person: ready.person });
    await syncAll(crm);
    const own = <Of extends { originId: string }>(all: Iterable<Of>) =>
      [...all].filter(({ originId }) => originId === `user-${userId}`) as unknown as Plain[];
    const records = { contact: own(crm.portal.contacts.values()), deal: own(crm.portal.deals.values()) };
    for (const entity of ["contact", "deal"] as const) {
      expect(records[entity]).toHaveLength(1);
      const [stored = {}] = records[entity];
      const shown = expected[entity].filter(({ name }) => name.startsWith("ufCrm") || name === "comments");
      for (const { name, value } of shown)
        expect(
          [stored[name]]
            .flat()
            .map((each) => asShown(each, value))
            .join(", "),
          `${entity}.${name}`,
        ).toBe(asShown(value, value));
      arrived += shown.length;
      // And nothing else: a field that the preview does not name stays empty.
      const named = new Set(shown.map(({ name }) => name));
      for (const [name, value] of Object.entries(stored))
        if (name.startsWith("ufCrm") && !named.has(name)) expect([value].flat().filter(Boolean), name).toEqual([]);
    }
    // Each answer is somewhere where a manager reads it: in its field, or in the comment.
    const text = typeof answers.asked_text === "string" ? answers.asked_text : "";
    if (macros.includes(text)) expect(records.deal[0]?.ufCrmDealString).toBe(text);
  };
  const locales = fc.constantFrom("en", "ru");
  await fc.assert(fc.asyncProperty(fc.array(anyRule, { minLength: 1, maxLength: 4 }), anyAnswers, locales, run), {
    seed: propertySeed,
    numRuns: 15,
    endOnFailure: true,
    // Whatever the seed: every macro in a text that goes to a field, and in one that goes to the comment.
    examples: macros.map((macro): [FieldRule[], Record<string, Answer>, string] => [
      [],
      { asked_text: macro, asked_long: `a\n${macro}`, asked_hidden: macro, asked_choices: ["$result[x]"] },
      "en",
    ]),
  });
  expect(await findFaults(crm)).toEqual([]);
  expect(arrived).toBeGreaterThanOrEqual(15);
});

/** The stand-in stores flags as booleans, and moments as numbers or in its own zone. */
function asShown(value: unknown, shown: string): string {
  if (value === true) return "Y";
  if (value === false) return "N";
  const isMoment = /^\d{4}-\d{2}-\d{2}T/.test(shown) && (typeof value === "number" || /^\d{4}-/.test(String(value)));
  return isMoment ? new Date(value as number | string).toISOString() : String(value);
}
