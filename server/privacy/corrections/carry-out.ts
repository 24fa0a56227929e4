import { readCorrectable } from "../../bitrix24/correctable";
import { fieldLabel } from "../../bitrix24/field-descriptions";
import { culpritsOf } from "../../bitrix24/in-halves";
import type { PortalItem } from "../../bitrix24/items";
import { findPlace } from "../../bitrix24/mapped-fields";
import { mayRefuseEmoji } from "../../bitrix24/ornaments";
import { updateRecord } from "../../bitrix24/own-records";
import type { Failure } from "../../bitrix24/progress";
import type { AcceptedUpdate } from "../../bitrix24/remains";
import { runPhase } from "../../bitrix24/run-phase";
import type { Task } from "../../bitrix24/tasks";
import { Bitrix24Error } from "../../bitrix24/transport/error";
import { consentFacts, type Facts } from "../../crm/facts";
import { leaveOutEmoji } from "../../crm/leave-out";
import { createProgressStore } from "../../crm/progress-store";
import { settingsGroups } from "../../crm/settings-groups";
import type { Services } from "../../services";
import { refusalIfOwn } from "../refusal";
import { consentNotes, planConsents } from "./consent-places";
import { type Corrected, removeFormer } from "./former-values";
import { mappedPlaces } from "./mapped-places";
import type { PendingCorrection } from "./pending";
import { dealChanges, type OpenPlan, planCorrection, withConsents, withContactLeft } from "./plan";

type Deps = Pick<Services, "db" | "pool" | "bitrix24" | "log" | "env" | "forms" | "consents">;

/**
 * The result of a correction. `noted`: left to a manager, told by the deal's comment. `noDeal`: left to a manager, but
 * we have no deal whose comment could say so. `full`: likewise, but the deal's comment has no room left. `held`: an
 * administrator must first decide whose the records are. `retriedWithout`: refused with an emoji, and to be sent again
 * without.
 */
export type Result = "done" | "noted" | "noDeal" | "full" | "held" | "retriedWithout" | Bitrix24Error;

type Planned = PendingCorrection & { plan: OpenPlan; facts: Facts | undefined };

const isAllWritten = ({ left, tooLong, mapped, consents }: OpenPlan) =>
  left.length + tooLong.length + mapped.length + consents.left.length === 0;

/**
 * Reads these people's records and writes the differences, contacts first, with few requests for all people. More
 * follow where the portal breaks down over a record, or its answers leave open whether what was replaced is gone.
 */
export async function carryOut(deps: Deps, due: PendingCorrection[]): Promise<Map<number, Result>> {
  const results = new Map<number, Result>();
  if (due.length === 0) return results;
  try {
    const planned: Awaited<ReturnType<typeof planAll>>["planned"] = [];
    const culprits = await culpritsOf(deps.bitrix24.client, due, async (group) => {
      const plans = await planAll(deps, group);
      planned.push(...plans.planned);
      for (const [userId, error] of plans.unread) results.set(userId, error);
    });
    for (const [{ userId }, error] of culprits) results.set(userId, error);
    for (const { userId, plan } of planned) if (plan === "held") results.set(userId, "held");
    const open = planned.flatMap((each) => (each.plan === "held" ? [] : [{ ...each, plan: each.plan }]));
    const contacts = await correctContacts(deps, open);
    const deals = await correctDeals(deps, contacts.open);
    for (const { userId, plan } of contacts.open)
      if (deals.full.has(userId)) results.set(userId, "full");
      else results.set(userId, isAllWritten(plan) ? "done" : plan.deal ? "noted" : "noDeal");
    for (const { person, error } of [...contacts.failed, ...deals.failed]) results.set(person.userId, error);
    for (const userId of [...contacts.retriedWithout, ...deals.retriedWithout]) results.set(userId, "retriedWithout");
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    for (const { userId } of due) results.set(userId, error);
  }
  await spareInOutage(deps, results);
  return results;
}

/** A portal that lists no deals either has failed, whatever it calls that: no correction is charged for it. */
async function spareInOutage({ bitrix24 }: Deps, results: Map<number, Result>): Promise<void> {
  const refused = [...results].flatMap(([userId, result]) =>
    result instanceof Bitrix24Error && result.kind === "refused" ? [{ userId, error: result }] : [],
  );
  const [first] = refused;
  if (!first) return;
  const error = await refusalIfOwn(bitrix24.client, first.error);
  if (error.kind !== "refused") for (const { userId } of refused) results.set(userId, error);
}

/** `unread`: people of whose records the portal does not return one; the errors are their own. */
async function planAll({ db, bitrix24, env, forms }: Deps, due: PendingCorrection[]) {
  const marks = await bitrix24.marks();
  // Only for the titles of the fields.
  const groups = settingsGroups({ env, forms });
  const rulesOf = (formId: number | null) => groups.of(formId)?.settings.fieldRules ?? [];
  const described = due.some(({ formId }) => rulesOf(formId).length > 0) ? await bitrix24.fields.tryRead() : null;
  const { contacts, deals, unread } = await readCorrectable(bitrix24.batchRunner, {
    contactIds: due.flatMap(({ contactId }) => contactId ?? []),
    dealIds: due.flatMap(({ dealId }) => dealId ?? []),
  });
  const errorOf = ({ contactId, dealId }: PendingCorrection) =>
    unread.contacts.get(contactId ?? 0) ?? unread.deals.get(dealId ?? 0);
  const read = due.filter((correction) => errorOf(correction) === undefined);
  const changed = read.filter(({ consents }) => consents.length > 0);
  const consents = await consentFacts(
    { db },
    changed.flatMap(({ formId }) => rulesOf(formId)),
    changed.map(({ userId }) => userId),
  );
  const planned = read.map((correction) => {
    const contact = contacts.get(correction.contactId ?? 0);
    const deal = deals.get(correction.dealId ?? 0);
    const plan = planCorrection(correction, { contact, deal, marks });
    const facts = consents.get(correction.userId);
    if (plan === "held") return { ...correction, plan, facts };
    const rules = rulesOf(correction.formId);
    const mapped = mappedPlaces(correction, rules).map((rule) => {
      const place = described && findPlace(described, rule);
      return { source: rule.source, label: place ? fieldLabel(place) : rule.field };
    });
    const mayWrite = { contact: plan.ownContact !== null, deal: plan.deal !== null };
    const follow = planConsents(correction, { rules, described, facts, zone: env.TIME_ZONE, mayWrite });
    return { ...correction, plan: withConsents({ ...plan, mapped }, follow), facts };
  });
  return {
    planned,
    unread: new Map(
      due.flatMap((each): [number, Bitrix24Error][] => {
        const error = errorOf(each);
        return error ? [[each.userId, error]] : [];
      }),
    ),
  };
}

/** The plans that continue. Contacts that the portal rejects are left to the manager. */
async function correctContacts(
  deps: Deps,
  planned: Planned[],
): Promise<{ open: Planned[]; failed: Failure<Planned>[]; retriedWithout: Set<number> }> {
  const corrected: Corrected<Planned>[] = [];
  const tasks = planned.flatMap((person): Task<Planned>[] => {
    const { contact } = person.plan;
    if (!contact) return [];
    const update: AcceptedUpdate = { kind: "contact", ...contact };
    const shown = (answer: PortalItem) => corrected.push({ person, update, answer });
    return [{ ...updateTask(person, "contact", contact.id, contact.fields), shown }];
  });
  await noteTold(
    deps,
    tasks.map(({ person }) => person),
  );
  const { failed: refused, retriedWithout } = await run(deps, tasks);
  const { batchRunner, client } = deps.bitrix24;
  const kept = await removeFormer({ batchRunner, client, run: (older) => run(deps, older) }, corrected);
  const failed = [...refused, ...kept];
  const errors = new Map(failed.map(({ person, error }) => [person.userId, error]));
  return {
    retriedWithout,
    open: planned.flatMap((person) => {
      const error = errors.get(person.userId);
      if (retriedWithout.has(person.userId)) return [];
      if (!error) return [person];
      return error.refusesItem ? [{ ...person, plan: withContactLeft(person, person.plan) }] : [];
    }),
    failed: failed.filter(({ error }) => !error.refusesItem),
  };
}

/** Recorded before sending: if the answer is lost, the next run must know what the portal may hold. */
async function noteTold({ db }: Deps, sent: PendingCorrection[]): Promise<void> {
  for (const { userId, now } of sent) {
    const told = JSON.stringify([now]);
    await db.$executeRaw`
      update "CrmCorrection" set "told" = "told" || ${told}::jsonb
      where "userId" = ${userId} and not "told" @> ${told}::jsonb`;
  }
}

/** `full`: people whose deal has a comment without room for the note. */
async function correctDeals(
  deps: Deps,
  planned: Planned[],
): Promise<{ full: Set<number>; failed: Failure<Planned>[]; retriedWithout: Set<number> }> {
  const timeZone = deps.env.TIME_ZONE;
  const full = new Set<number>();
  const tasks = planned.flatMap((person): Task<Planned>[] => {
    const { deal, ...told } = person.plan;
    if (!deal) return [];
    const notes = consentNotes(told.consents, { ...person, kinds: deps.consents.kinds() });
    const { fields, isFull } = dealChanges(deal, person, { ...told, notes, timeZone });
    if (isFull) full.add(person.userId);
    return Object.keys(fields).length > 0 ? [updateTask(person, "deal", deal.id, fields)] : [];
  });
  return { full, ...(await run(deps, tasks)) };
}

/** Lenient: an error of one person's change does not affect the others. */
const updateTask = (
  person: Planned,
  kind: "contact" | "deal",
  id: number,
  fields: Record<string, unknown>,
): Task<Planned> => ({
  person,
  command: { ...updateRecord(kind, id, fields), lenient: true },
  result: {},
});

/**
 * `retriedWithout`: people whose emoji the portal may have refused, as is noted with them by now; they are not among
 * `failed`.
 */
async function run({ bitrix24: { batchRunner }, log, ...deps }: Deps, tasks: Task<Planned>[]) {
  const progress = createProgressStore({ ...deps, log });
  const { failed } = await runPhase({ batchRunner, progress, log }, tasks);
  const sent = new Map(tasks.map(({ person, command }) => [person.userId, command?.params ?? {}]));
  const retriedWithout = new Set(
    failed
      .filter(({ person, error }) => mayRefuseEmoji(error, sent.get(person.userId) ?? {}, person.leftOut))
      .map(({ person }) => person.userId),
  );
  await leaveOutEmoji(deps, [...retriedWithout]);
  for (const userId of retriedWithout)
    log.info({ userId }, "emoji are left out of a correction, because the portal refuses them");
  return { failed: failed.filter(({ person }) => !retriedWithout.has(person.userId)), retriedWithout };
}
