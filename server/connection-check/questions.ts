import type { z } from "zod";
import { fieldQuestions } from "../bitrix24/field-descriptions";
import { contactType, dealType } from "../bitrix24/fields";
import { productQuestions } from "../bitrix24/product";
import { parseAnswer } from "../bitrix24/responses";
import { type Command, maxCommands, type Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { envOfForm } from "../forms/form-env";
import { markQuestions } from "../identity/unknown-marks";
import { slices } from "../platform/chunks";
import type { Services } from "../services";

/** The checks work without a database; with one, they know more. */
export type CheckDeps = Pick<Services, "bitrix24" | "env"> & Partial<Pick<Services, "db" | "forms">>;

/** The methods with which a registration writes. */
export const writingMethods = ["crm.item.add", "crm.item.update", "crm.item.productrow.set"] as const;

const item = (entityTypeId: number, filter: Record<string, unknown>): Command => ({
  method: "crm.item.list",
  params: { entityTypeId, select: ["id"], filter, order: { id: "DESC" }, start: -1 },
});

/** A contact that exists on no portal: only whether the request is allowed matters. */
const nobody = { type: "EMAIL", values: ["nobody@example.invalid"], entity_type: "CONTACT" };

/** Records that belong to others than the webhook's owner, whose id is the first part of the webhook's path. */
const ofOthers = ({ BITRIX24_WEBHOOK_URL: url }: CheckDeps["env"]) => ({
  "!assignedById": Number(/\/rest\/(\d+)\//.exec(url ?? "")?.[1] ?? 0),
});

/** The command that reads the stages of the funnel in which deals are made. */
export const stagesQuestion = ({
  BITRIX24_CATEGORY_ID: id,
}: Pick<CheckDeps["env"], "BITRIX24_CATEGORY_ID">): Command => ({
  method: "crm.status.list",
  params: { order: { SORT: "ASC" }, filter: { ENTITY_ID: id === 0 ? "DEAL_STAGE" : `DEAL_STAGE_${id}` } },
});

/** What applies to the registrations of the first form: the site's settings with the form's own laid over them. */
export const envOfFirst = ({ env, forms }: Pick<CheckDeps, "env" | "forms">): CheckDeps["env"] =>
  forms ? envOfForm(env, forms.first().definition.settings) : env;

const questions = {
  profile: () => ({ method: "profile", params: {} }),
  scope: () => ({ method: "scope", params: {} }),
  time: () => ({ method: "server.time", params: {} }),
  contacts: () => item(contactType, {}),
  phones: () => item(contactType, { "=hasPhone": "Y" }),
  deals: () => item(dealType, {}),
  duplicates: () => ({ method: "crm.duplicate.findbycomm", params: nobody }),
  add: () => ({ method: "method.get", params: { name: writingMethods[0] } }),
  update: () => ({ method: "method.get", params: { name: writingMethods[1] } }),
  set: () => ({ method: "method.get", params: { name: writingMethods[2] } }),
  othersContacts: ({ env }: CheckDeps) => item(contactType, ofOthers(env)),
  othersDeals: ({ env }: CheckDeps) => item(dealType, ofOthers(env)),
  currencies: () => ({ method: "crm.currency.list", params: {} }),
  categories: () => ({ method: "crm.category.list", params: { entityTypeId: dealType } }),
  ownStages: (deps: CheckDeps) => stagesQuestion(envOfFirst(deps)),
  sources: () => ({ method: "crm.status.list", params: { filter: { ENTITY_ID: "SOURCE" } } }),
} satisfies Record<string, (deps: CheckDeps) => Command>;
export type Question = keyof typeof questions;

/** The portal's answers: one per request, and about the responsible persons page by page. */
export interface Asked {
  answers: Record<Question, Outcome<unknown>>;
  users: Outcome<unknown>[];
  fields: Outcome<unknown>[];
  product: Outcome<unknown>[];
  /** Empty without a database. */
  marks: Outcome<unknown>[];
}

/** Size of a page of `user.get`. */
const usersAtOnce = 50;

/** Sends all requests in one batch, or in several if there are very many responsible persons. Throws Bitrix24Error. */
export async function askPortal(deps: CheckDeps): Promise<Asked> {
  const names = Object.keys(questions) as Question[];
  const users = slices(deps.env.BITRIX24_ASSIGNED_BY_IDS, usersAtOnce).map((ids) => ({
    method: "user.get",
    params: { filter: { "@ID": ids } },
  }));
  const { bitrix24, db } = deps;
  const product = productQuestions(bitrix24.settings);
  const marks = db ? markQuestions(await bitrix24.marks()) : [];
  const commands: Command[] = [
    ...names.map((name) => questions[name](deps)),
    ...fieldQuestions,
    ...product,
    ...marks,
    ...users,
  ];
  const outcomes: Outcome<unknown>[] = [];
  for (const part of slices(commands, maxCommands)) outcomes.push(...(await bitrix24.client.batch(part)));
  const take = (count: number) => outcomes.splice(0, count);
  const answers = take(names.length);
  return {
    answers: Object.fromEntries(names.map((name, index) => [name, answers[index]])) as Asked["answers"],
    fields: take(fieldQuestions.length),
    product: take(product.length),
    marks: take(marks.length),
    users: take(users.length),
  };
}

export type Read = <T extends z.ZodType>(question: Question, schema: T) => z.output<T> | Bitrix24Error;

export const reader =
  ({ answers }: Asked): Read =>
  (question, schema) =>
    readOutcome(question, answers[question], schema);

/** The parsed answer, or the reason why there is none that can be parsed. */
export function readOutcome<T extends z.ZodType>(
  name: string,
  outcome: Outcome<unknown>,
  schema: T,
): z.output<T> | Bitrix24Error {
  if (!outcome.ok) return outcome.error;
  try {
    return parseAnswer(name, schema, outcome.value);
  } catch (error) {
    if (error instanceof Bitrix24Error) return error;
    throw error;
  }
}
