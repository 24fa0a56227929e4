import { z } from "zod";
import { type Answers, checkAnswer } from "../forms/answers";
import type { FormDefinition, Question } from "../forms/definition";
import { answerField, questionsOf } from "../forms/questions";
import { personFieldNames } from "../person/fields";
import { requiredFieldSchema, withExtension } from "../person/schema";
import type { PasswordSite } from "../platform/password-policy";
import { always, checkPassword, type RegistrationInput, registrationObject } from "./registration.schema";

/** What a posted form says, checked by the form's definition. */
export interface FormInput {
  input: RegistrationInput;
  answers: Answers;
}

export interface FormSchema {
  schema: z.ZodType<FormInput>;
  /** The inputs that the form has. */
  fields: readonly string[];
  /** Of them, those that may come several times, and how often. */
  lists: ReadonlyMap<string, number>;
}

const made = new WeakMap<FormDefinition, FormSchema>();

/** The schema of a form's definition on this site; made once, since a definition is replaced and never changed. */
export function formSchema(definition: FormDefinition, site?: PasswordSite): FormSchema {
  const known = made.get(definition);
  if (known) return known;
  const fresh = makeSchema(definition, site);
  made.set(definition, fresh);
  return fresh;
}

function makeSchema({ items, removed }: FormDefinition, site: PasswordSite | undefined): FormSchema {
  const asked = questionsOf(items);
  const questions = [...asked, ...removed];
  const fields = items.flatMap((item) => ("field" in item ? [item] : []));
  const leftOut = personFieldNames.filter((name) => !fields.some(({ field }) => field === name));
  const object = registrationObject.extend({
    ...Object.fromEntries(
      fields.filter(({ required }) => required).map(({ field }) => [field, requiredFieldSchema(field)]),
    ),
    // A page that was opened before the form left the field out still sends it.
    ...Object.fromEntries(
      leftOut.map((name) => [
        name,
        z
          .unknown()
          .optional()
          .transform(() => undefined),
      ]),
    ),
    ...Object.fromEntries(questions.map((each) => [answerField(each.key), answerSchema(each, asked.includes(each))])),
  });
  const schema = object.superRefine(checkPassword(site), always).transform((value) => {
    const given: Record<string, unknown> = value;
    const answers: Answers = {};
    const input: Record<string, unknown> = { ...given };
    for (const { key } of questions) {
      const name = answerField(key);
      delete input[name];
      const answer = given[name];
      if (answer !== null && answer !== undefined) answers[key] = answer as Answers[string];
    }
    return { input: withExtension(input as RegistrationInput), answers };
  });
  const lists = questions.flatMap(({ key, kind, options }): [string, number][] =>
    kind === "choices" ? [[answerField(key), options.length]] : [],
  );
  return {
    schema: schema as unknown as z.ZodType<FormInput>,
    fields: Object.keys(object.shape),
    lists: new Map(lists),
  };
}

/** A question that was removed while the form was filled in has its answer kept, and refuses nobody. */
const answerSchema = (question: Question, isAsked: boolean) =>
  z
    .unknown()
    .optional()
    .transform((given, ctx) => {
      const checked = checkAnswer(question, given, "visitor");
      if ("answer" in checked) return checked.answer;
      if (!isAsked) return null;
      ctx.addIssue({ code: "custom", message: checked.problem });
      return z.NEVER;
    });
