import { crmSettingsOf } from "../bitrix24/crm-settings";
import { funnelOf } from "../bitrix24/funnel-stages";
import type { FieldDescriptions } from "../bitrix24/sent-fields";
import { Bitrix24Error } from "../bitrix24/transport/error";
import {
  type AskedOfPeople,
  checkFieldMap,
  partlyFilledFields,
  unfilledFields,
} from "../connection-check/check-field-map";
import type { FormSettingKey } from "../forms/definition";
import { envOfForm } from "../forms/form-env";
import { formName } from "../forms/form-name";
import { isCharged } from "../forms/products";
import type { Env } from "../platform/env";
import { answersIn } from "../platform/title-template";
import type { Services } from "../services";
import type { SettingKey } from "../settings/definitions";
import type { PortalChoices } from "./choices";
import { type Objection, objections } from "./objection-texts";

type Words = { en: string; ru: string };

/** What the portal says against changed settings. Only problems keep them from being saved. */
export interface PortalVerdict {
  problems: Partial<Record<SettingKey, Words>>;
  warnings: Words[];
}

/** Whether a payment cannot move the deals that these settings make. */
const isPaidElsewhere = ({ BITRIX24_PAID_STAGE_ID: paid, BITRIX24_CATEGORY_ID: funnel }: Env): boolean =>
  Boolean(paid) && funnelOf(paid as string) !== funnel;

const isStageElsewhere = ({ BITRIX24_STAGE_ID: stage, BITRIX24_CATEGORY_ID: funnel }: Env): boolean =>
  Boolean(stage) && funnelOf(stage as string) !== funnel;

/**
 * What changed settings of the site make of the open forms that have a part of funnel and stages of their own and the rest
 * from the site.
 */
export function warningsOfForms({ forms }: Pick<Services, "forms">, env: Env, changed: SettingKey[]): Words[] {
  const touches = (...keys: SettingKey[]) => keys.some((key) => changed.includes(key));
  const named = (isApart: (env: Env) => boolean, own: readonly FormSettingKey[]) =>
    forms
      .all()
      .filter(
        ({ isClosed, definition: { settings } }) =>
          !isClosed && own.some((key) => settings[key] !== undefined) && isApart(envOfForm(env, settings)),
      )
      .map((form) => formName(form, "/register"))
      .join("; ");
  const paid = touches("paidStage", "funnel") ? named(isPaidElsewhere, ["funnel", "paidStage"]) : "";
  const stage = touches("funnel") ? named(isStageElsewhere, ["stage"]) : "";
  return [
    ...(paid ? [objections.formsPaidElsewhere(paid)] : []),
    ...(stage ? [objections.formsStageElsewhere(stage)] : []),
  ];
}

/**
 * Compares changed settings with what the portal has. `env`: as it would be with them. What the portal does not tell is
 * not objected to. Throws Bitrix24Error if it does not answer.
 */
export async function checkSettings(
  services: Pick<Services, "bitrix24">,
  {
    env,
    changed,
    choices,
    described,
    asked,
  }: {
    env: Env;
    changed: SettingKey[];
    choices: PortalChoices;
    described: FieldDescriptions;
    /** Left out, no answer and no consent is objected to. */
    asked?: AskedOfPeople;
  },
): Promise<PortalVerdict> {
  const verdict: PortalVerdict = { problems: {}, warnings: [] };
  const refuse = (key: SettingKey, code: Objection, what = "") => {
    verdict.problems[key] ??= objections[code](what);
  };
  const touches = (...keys: SettingKey[]) => keys.some((key) => changed.includes(key));
  const { funnels, stages, sources, assigned } = choices;
  const funnel = env.BITRIX24_CATEGORY_ID;
  if (touches("funnel") && funnels && !funnels.some(({ id }) => id === funnel))
    refuse("funnel", "funnel", String(funnel));

  const stage = env.BITRIX24_STAGE_ID;
  if (touches("stage", "funnel") && stage && stages) {
    const known = stages.find(({ id }) => id === stage);
    const key = touches("stage") ? "stage" : "funnel";
    if (!known) refuse("stage", "stage", stage);
    else if (known.funnel !== funnel) refuse(key, "stageElsewhere", stage);
    else if (known.lost) refuse("stage", "stageLost", stage);
  }
  const paid = env.BITRIX24_PAID_STAGE_ID;
  if (touches("paidStage") && paid && stages) {
    const known = stages.find(({ id }) => id === paid);
    if (!known) refuse("paidStage", "stage", paid);
    else if (known.lost) refuse("paidStage", "stageLost", paid);
  }
  // Funnel and paid stage stand on different pages, so that one of them is always changed first.
  if (touches("paidStage", "funnel") && isPaidElsewhere(env))
    verdict.warnings.push(objections.paidElsewhere(paid ?? ""));

  const source = env.BITRIX24_SOURCE_ID;
  if (touches("source") && sources && !sources.some(({ id }) => id === source)) refuse("source", "source", source);

  if (touches("responsible") && assigned)
    for (const id of env.BITRIX24_ASSIGNED_BY_IDS) {
      const known = assigned.find((employee) => employee.id === id);
      if (!known) refuse("responsible", "unknownEmployee", String(id));
      else if (!known.active) refuse("responsible", "dismissed", known.name);
    }
  if (touches("fields")) {
    const objection = checkFieldMap(env, described, asked);
    if (objection) refuse("fields", objection.code, objection.what);
    for (const title of unfilledFields(env, described)) verdict.warnings.push(objections.demanded(title));
    for (const title of partlyFilledFields(env, described)) verdict.warnings.push(objections.partly(title));
  }
  if (touches("dealTitle") && asked) {
    const unknown = answersIn(env.BITRIX24_DEAL_TITLE).find((key) => !asked.answers.has(key));
    if (unknown) refuse("dealTitle", "noQuestion", unknown);
  }
  if (touches("product", "price")) await checkProduct(services, { env, verdict, refuse });
  return verdict;
}

async function checkProduct(
  { bitrix24 }: Pick<Services, "bitrix24">,
  {
    env,
    verdict,
    refuse,
  }: { env: Env; verdict: PortalVerdict; refuse: (key: SettingKey, code: Objection, what?: string) => void },
): Promise<void> {
  const id = String(env.BITRIX24_PRODUCT_ID);
  try {
    const facts = await bitrix24.products.read(crmSettingsOf(env));
    if (facts.hasVariations) refuse("product", "variations", id);
    else if (facts.priceUsd === undefined) refuse("price", "noPrice", id);
    else if (env.BITRIX24_PRICE_USD === undefined && !isCharged(facts.priceUsd))
      verdict.warnings.push(objections.unpriced(id));
    if (!facts.readable) verdict.warnings.push(objections.unreadable(id));
    else if (!facts.active) verdict.warnings.push(objections.inactive(id));
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    if (error.code !== "PRODUCT_NOT_FOUND") throw error;
    refuse("product", "noProduct", id);
  }
}
