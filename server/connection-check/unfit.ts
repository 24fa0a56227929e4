import { fieldQuestions } from "../bitrix24/field-descriptions";
import { isProductCode, productQuestions } from "../bitrix24/product";
import { type Command, maxCommands, type Outcome } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { type SettingsGroup, settingsGroups } from "../crm/settings-groups";
import { envOfForm } from "../forms/form-env";
import { slices } from "../platform/chunks";
import { unfitCode } from "../queue/circuit-breaker";
import type { Services } from "../services";
import type { Check, CheckId } from "./check";
import { demands, fields } from "./demands";
import { funnel, stage } from "./funnel";
import { productOf } from "./goods";
import { provenDemands } from "./proven-demands";
import { type Read, readOutcome, stagesQuestion } from "./questions";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms">;

/**
 * What every registration sends, in the order in which it is told: if one of these no longer fits the portal,
 * registrations would be refused, or arrive without what the owner wants to see there. Where contacts are not read, or stored
 * without the phones and e-mails, each known customer would silently get a second one.
 */
const sentByAll: readonly CheckId[] = ["contacts", "demands", "fields", "product", "currency", "funnel", "stage"];
/** Of these all forms depend on the same. */
const sameForAll: readonly CheckId[] = ["contacts", "currency"];

/**
 * Whether the portal has told of this check at all. Contacts and products that it does not return at the moment, as after too
 * many requests, are red as well and tell nothing: registrations then wait by themselves.
 */
function isTold({ id, facts: { code, old } }: Check): boolean {
  if (id === "contacts") return old !== undefined || code === "ACCESS_DENIED";
  return id !== "product" || code === undefined || isProductCode(String(code));
}

const stops = (each: Check): boolean => each.state === "fail" && isTold(each);

/** Whether this look has failed to tell if what `code` has paused the queue for fits again. */
export const isUntold = (checks: Check[], code: string | null): boolean =>
  checks.some((each) => each.state === "fail" && !isTold(each) && unfitCode(each.id) === code);

const firstUnfit = (checks: Check[]): Check | undefined =>
  sentByAll.flatMap((id) => checks.find((each) => each.id === id) ?? []).find(stops);

/**
 * What stops the registrations of every form, by these checks; undefined if those of at least one open form fit. The
 * checks tell of the first form's settings: what they object to may concern only the forms with the same settings, whose
 * people then wait by themselves once the portal refuses them (server/crm/form-holds.ts).
 */
export async function unfitForAll(deps: Deps, checks: Check[]): Promise<Check | undefined> {
  const found = firstUnfit(checks);
  const { all } = settingsGroups(deps);
  const open = all.filter(({ forms }) => forms === null || forms.some((id) => deps.forms.byId(id)?.isClosed === false));
  const groups = open.length > 0 ? open : all;
  const shared = checks.some((each) => sameForAll.includes(each.id) && stops(each));
  if (!found || shared || (groups.length === 1 && groups[0] === all[0])) return found;
  const verdicts = await checkGroups(deps, groups);
  return verdicts.every((verdict) => verdict !== undefined) ? verdicts[0] : undefined;
}

/** What does not fit of each group. A portal that does not answer objects to nothing. */
async function checkGroups(deps: Deps, groups: SettingsGroup[]): Promise<(Check | undefined)[]> {
  const { client } = deps.bitrix24;
  const each = groups.map(({ settings, formId, forms }) => {
    const env = envOfForm(deps.env, deps.forms.byId(formId)?.definition.settings ?? {});
    return { env, settings, forms, commands: [stagesQuestion(env), ...productQuestions(settings)] };
  });
  const commands: Command[] = [
    { method: "crm.category.list", params: { entityTypeId: 2 } },
    ...fieldQuestions,
    ...each.flatMap((group) => group.commands),
  ];
  const outcomes: Outcome<unknown>[] = [];
  try {
    for (const part of slices(commands, maxCommands)) outcomes.push(...(await client.batch(part)));
  } catch (error) {
    if (error instanceof Bitrix24Error) return groups.map(() => undefined);
    throw error;
  }
  const [categories] = outcomes.splice(0, 1) as [Outcome<unknown>];
  const described = { fields: outcomes.splice(0, fieldQuestions.length) };
  const verdicts: (Check | undefined)[] = [];
  for (const { env, settings, forms, commands } of each) {
    const [stages, ...goods] = outcomes.splice(0, commands.length) as [Outcome<unknown>, ...Outcome<unknown>[]];
    const read: Read = (question, schema) =>
      readOutcome(question, question === "categories" ? categories : stages, schema);
    const product = await productOf(settings, () => deps.bitrix24.products.read(settings, goods));
    verdicts.push(
      firstUnfit([
        demands({ env }, described, { proven: await provenDemands(deps, forms) }),
        fields({ env }, described),
        product,
        funnel({ env }, read),
        stage({ env }, read),
      ]),
    );
  }
  return verdicts;
}
