import { z } from "zod";
import type { CrmSettings } from "../bitrix24/crm-settings";
import { funnelOf, semanticColumns, semanticOf } from "../bitrix24/funnel-stages";
import { productQuestions } from "../bitrix24/product";
import { anything } from "../bitrix24/responses";
import { type Command, maxCommands, type Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { isNo } from "../bitrix24/yes-no";
import { settingsGroups } from "../crm/settings-groups";
import { envOfForm } from "../forms/form-env";
import { formName } from "../forms/form-name";
import { type Forms, firstFormId } from "../forms/forms";
import { isCharged } from "../forms/products";
import { slices } from "../platform/chunks";
import { type Check, check } from "./check";
import { type CheckDeps, readOutcome, stagesQuestion } from "./questions";

const stages = z.array(z.object({ STATUS_ID: z.coerce.string(), ...semanticColumns }));
const users = z.array(z.object({ ID: z.coerce.number(), ACTIVE: anything }));
const categories = z.object({ categories: z.array(z.object({ id: z.coerce.number() })) });

/**
 * Whether the portal has what the other forms' own settings name. A warning, since the first form's registrations go
 * on. What the portal does not tell is not objected to. Without a database no forms are known. Throws Bitrix24Error if
 * it does not answer.
 */
export async function forms({ bitrix24, env, forms: all }: CheckDeps): Promise<Check> {
  if (!all) return check("forms", "skip");
  const groups = settingsGroups({ env, forms: all }).all.slice(1);
  const paid = paidStagesOf(env, all);
  if (groups.length + paid.length === 0) return check("forms", "ok");
  const commands = groups.map(({ settings }) => questionsOf(settings));
  const questions = [...commands.flat(), ...paid.map(({ funnel }) => stagesQuestion({ BITRIX24_CATEGORY_ID: funnel }))];
  const outcomes: Outcome<unknown>[] = [];
  for (const part of slices(questions, maxCommands)) outcomes.push(...(await bitrix24.client.batch(part)));
  const lacking = new Set<number>();
  for (const [index, { settings, forms: ids }] of groups.entries()) {
    const answers = outcomes.splice(0, commands[index]?.length ?? 0);
    if (await isWhole(bitrix24, settings, answers)) continue;
    for (const id of ids ?? []) lacking.add(id);
  }
  for (const [index, { id, stage }] of paid.entries())
    if (!isPaidStage(outcomes[index] as Outcome<unknown>, stage)) lacking.add(id);
  const bad = all
    .all()
    .filter(({ id, isClosed }) => lacking.has(id) && !isClosed)
    .map((form) => formName(form, String(form.id)));
  return bad.length > 0 ? check("forms", "warn", { names: bad.join("; ") }) : check("forms", "ok");
}

/** The stages of paid deals of the open forms that the check of the first form's does not cover, with the deals' funnels. */
function paidStagesOf(env: CheckDeps["env"], all: Forms): { id: number; stage: string; funnel: number }[] {
  const told = all.all().map(({ id, isClosed, definition: { settings } }) => {
    const { BITRIX24_PAID_STAGE_ID: stage, BITRIX24_CATEGORY_ID: funnel } = envOfForm(env, settings);
    return { id, isClosed, stage, funnel, isOwn: settings.paidStage !== undefined };
  });
  const first = told.find(({ id }) => id === firstFormId);
  return told.flatMap(({ id, isClosed, stage, funnel, isOwn }) => {
    if (isClosed || !stage || (stage === first?.stage && funnel === first.funnel)) return [];
    // The site's stage does nothing in a funnel of the form's own: its page says so.
    return isOwn || funnelOf(stage) === funnel ? [{ id, stage, funnel }] : [];
  });
}

/** Whether the funnel has the stage and it is not one of lost deals; true if the portal does not tell. */
function isPaidStage(outcome: Outcome<unknown>, wanted: string): boolean {
  const list = readOutcome("crm.status.list", outcome, stages);
  if (list instanceof Bitrix24Error || list.length === 0) return true;
  return list.some((stage) => stage.STATUS_ID === wanted && semanticOf(stage) !== "F");
}

const questionsOf = (settings: CrmSettings): Command[] => [
  ...productQuestions(settings),
  { method: "crm.category.list", params: { entityTypeId: 2 } },
  {
    method: "crm.status.list",
    params: { filter: { ENTITY_ID: settings.categoryId === 0 ? "DEAL_STAGE" : `DEAL_STAGE_${settings.categoryId}` } },
  },
  { method: "crm.status.list", params: { filter: { ENTITY_ID: "SOURCE" } } },
  { method: "user.get", params: { filter: { "@ID": settings.responsible.length > 0 ? settings.responsible : [0] } } },
];

/** Whether a registration with these settings would find everything that they name. */
async function isWhole(
  bitrix24: CheckDeps["bitrix24"],
  settings: CrmSettings,
  answers: Outcome<unknown>[],
): Promise<boolean> {
  const goods = productQuestions(settings).length;
  const [funnels, stageList, sources, people] = answers.slice(goods) as [
    Outcome<unknown>,
    Outcome<unknown>,
    Outcome<unknown>,
    Outcome<unknown>,
  ];
  try {
    const { priceUsd, hasVariations } = await bitrix24.products.read(settings, answers.slice(0, goods));
    if (priceUsd === undefined || hasVariations) return false;
    if (settings.priceUsd === undefined && !isCharged(priceUsd)) return false;
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    return false;
  }
  const told = <T extends z.ZodType>(name: string, outcome: Outcome<unknown>, schema: T): z.output<T> | null => {
    const read = readOutcome(name, outcome, schema);
    return read instanceof Bitrix24Error ? null : read;
  };
  const has = (list: { STATUS_ID: string }[] | null, wanted: string | undefined): boolean =>
    !list || !wanted || list.some(({ STATUS_ID }) => STATUS_ID === wanted);
  const known = told("crm.category.list", funnels, categories);
  const employees = told("user.get", people, users);
  const active = employees?.filter(({ ACTIVE }) => !isNo(ACTIVE)).map(({ ID }) => ID);
  return (
    (!known || known.categories.some(({ id }) => id === settings.categoryId)) &&
    has(told("crm.status.list", stageList, stages), settings.stageId) &&
    has(told("crm.status.list", sources, stages), settings.sourceId) &&
    (!active || settings.responsible.length > 50 || settings.responsible.every((id) => active.includes(id)))
  );
}
