import fc from "fast-check";
import { expect, test } from "vitest";
import { answerWords } from "../forms/answer-words";
import { type Answer, maxAnswer } from "../forms/answers";
import { type FormDefinition, type Question, type QuestionKind, questionKinds } from "../forms/definition";
import { answerField, everyQuestionOf, questionsOf, siteQuestions } from "../forms/questions";
import { readDefinition } from "../forms/read-definition";
import { shownForm } from "../forms/shown-form";
import { personFieldNames } from "../person/fields";
import { propertySeed } from "../test/property";
import { formSchema } from "./form-schema";

/** Whatever form an owner makes, and whatever visitors send to it. */

const words = fc.record({ en: fc.string({ maxLength: 12 }), ru: fc.string({ maxLength: 12 }) });
// Also names that every object has, and that JavaScript treats in its own way.
const key = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
  fc.constantFrom("constructor", "tostring", "email", "password", "consent", "form", "a"),
);
/** As an owner's line is read: trimmed, and otherwise as it was pasted. */
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }).filter((text) => text.trim() === text),
  fc.constantFrom("10\u00a0000", "cafe\u0301", "soft\u00adhyphen", "-"),
);
const optionList = fc.uniqueArray(fc.record({ value, label: words }), {
  selector: (option) => option.value,
  maxLength: 5,
});
const question = fc.record({
  key,
  kind: fc.constantFrom(...questionKinds),
  label: words,
  help: words,
  required: fc.boolean(),
  options: optionList,
  parameter: fc.string({ maxLength: 8 }),
});
const definition = fc
  .record({
    heading: words,
    lead: words,
    fields: fc.uniqueArray(
      fc.record({ field: fc.constantFrom(...personFieldNames), label: words, help: words, required: fc.boolean() }),
      { selector: ({ field }) => field },
    ),
    questions: fc.uniqueArray(question, { selector: (each) => each.key, maxLength: 8 }),
    isRemoved: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  })
  .map(
    ({ heading, lead, fields, questions, isRemoved }): FormDefinition =>
      readDefinition({
        heading,
        lead,
        items: [...fields, ...questions.filter((_, at) => !isRemoved[at]).map((each) => ({ question: each }))],
        removed: questions.filter((_, at) => isRemoved[at]),
      }),
  );

const letters = fc.stringMatching(/^[a-zа-я]([a-zа-я0-9 .,$%"'<>{}]{0,20}[a-zа-я0-9])?$/);
const two = (number: number) => String(number).padStart(2, "0");

/** An answer that the question takes, and how it is stored; undefined where no answer fits, as without options. */
function fitting({ kind, options }: Question): fc.Arbitrary<{ sent: unknown; stored: Answer } | undefined> {
  const values = options.map((option) => option.value);
  const same = (text: string) => ({ sent: text, stored: text });
  const kinds: Record<QuestionKind, () => fc.Arbitrary<{ sent: unknown; stored: Answer } | undefined>> = {
    text: () => letters.map((text) => ({ sent: ` ${text} `, stored: text })),
    hidden: () => letters.map(same),
    long: () => fc.tuple(letters, letters).map(([a, b]) => ({ sent: `${a}\r\n${b}`, stored: `${a}\n${b}` })),
    number: () =>
      fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: 1, max: 9 })).map(([whole, part]) => ({
        sent: `${whole},${part}0`,
        stored: `${whole}.${part}`,
      })),
    date: () =>
      fc
        .tuple(fc.integer({ min: 1000, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
        .map(([year, month, day]) => ({
          sent: `${day}.${month}.${year}`,
          stored: `${year}-${two(month)}-${two(day)}`,
        })),
    yesno: () => fc.constantFrom("yes", "no").map(same),
    choice: () => (values.length > 0 ? fc.constantFrom(...values).map(same) : fc.constant(undefined)),
    choices: () =>
      values.length > 0
        ? fc.shuffledSubarray(values, { minLength: 1 }).map((sent) => ({
            sent,
            stored: values.filter((value) => sent.includes(value)),
          }))
        : fc.constant(undefined),
  };
  return kinds[kind]();
}

const person = {
  firstName: "Анна",
  lastName: "Орлова",
  company: "Ромашка",
  email: "anna@example.com",
  phone: "+79123456789",
  password: "correct horse battery",
  consent: "on",
};

const withAnswers = (one: (question: Question) => fc.Arbitrary<unknown>) =>
  definition.chain((made) =>
    fc.tuple(
      fc.constant(made),
      ...(everyQuestionOf(made).map((each) => one(each).map((given) => [each, given] as const)) as fc.Arbitrary<
        readonly [Question, unknown]
      >[]),
    ),
  );

const send = (made: FormDefinition, given: [Question, unknown][]) =>
  formSchema(made).schema.safeParse({
    ...person,
    ...Object.fromEntries(
      given.flatMap(([{ key: name }, value]) => (value === undefined ? [] : [[answerField(name), value]])),
    ),
  });

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, property), { seed: propertySeed, numRuns: 150 });

test("answers that fit are stored exactly, and shown with the words of their questions and options", () => {
  check(withAnswers(fitting), ([made, ...all]) => {
    const given = all as [Question, { sent: unknown; stored: Answer } | undefined][];
    // A question that has lost its options and is mandatory lets nobody through, and says so itself.
    const impossible = questionsOf(made.items).filter(
      ({ key: name, required, kind }) =>
        required && kind !== "hidden" && given.some(([each, answer]) => each.key === name && !answer),
    );
    const parsed = send(
      made,
      given.map(([each, answer]) => [each, answer?.sent]),
    );
    if (impossible.length > 0) {
      const named = new Set(parsed.error?.issues.map(({ path }) => path[0]));
      expect(named).toEqual(new Set(impossible.map(({ key: name }) => answerField(name))));
      return;
    }
    expect(parsed.error).toBeUndefined();
    const stored = Object.fromEntries(given.flatMap(([each, answer]) => (answer ? [[each.key, answer.stored]] : [])));
    expect(parsed.data?.answers).toEqual(stored);

    const form = { id: 1, slug: null, name: "", definition: made, isClosed: false };
    for (const locale of ["en", "ru"] as const) {
      shownForm(made, locale);
      const shown = answerWords(siteQuestions([form]), parsed.data?.answers ?? {}, locale);
      expect(shown.map((each) => each.key).sort()).toEqual(Object.keys(stored).sort());
      for (const { key: name, label, parts } of shown) {
        expect(label.trim()).not.toBe("");
        expect(parts.map((option) => option.value)).toEqual([stored[name] ?? []].flat());
        for (const { text } of parts) expect(text).not.toBe("");
      }
    }
  });
});

/** Anything that a request can hold, and what is close to an answer. */
const anything = ({ options }: Question): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.anything(),
    fc.string({ unit: "binary" }),
    fc.array(fc.string(), { maxLength: 4 }),
    fc.constantFrom(undefined, "", " ", "-", "\u0000", "1e999", "12,500", "2026-02-31", "__proto__", "x".repeat(5_001)),
    ...(options.length > 0 ? [fc.subarray(options.map((option) => option.value))] : []),
  );

test("whatever is sent, the form never throws, names the field of each refusal, and stores only what fits", () => {
  check(withAnswers(anything), ([made, ...all]) => {
    const given = all as [Question, unknown][];
    const parsed = send(made, given);
    const asked = new Set(questionsOf(made.items).map(({ key: name }) => answerField(name)));
    for (const { path } of parsed.error?.issues ?? []) expect(asked).toContain(path[0]);
    for (const [name, answer] of Object.entries(parsed.data?.answers ?? {})) {
      const found = given.find(([each]) => each.key === name)?.[0] as Question;
      const values = found.options.map((option) => option.value);
      for (const text of [answer].flat()) {
        expect(text.length).toBeGreaterThan(0);
        expect(text).not.toContain("\u0000");
        if (found.kind === "choice" || found.kind === "choices") expect(values).toContain(text);
        else expect(text.length).toBeLessThanOrEqual(maxAnswer[found.kind]);
      }
      expect(Array.isArray(answer)).toBe(found.kind === "choices");
    }
    // What was stored is taken again as it is.
    if (parsed.success)
      expect(
        send(
          made,
          Object.entries(parsed.data.answers).map(([name, answer]) => [{ key: name } as Question, answer]),
        ).data?.answers,
      ).toEqual(parsed.data.answers);
  });
});
