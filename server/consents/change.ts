import { isDeepStrictEqual } from "node:util";
import type { Prisma } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import { keyedHistory, rowsInForce } from "../audit/in-force";
import { isStillUndone } from "../audit/own-undoing";
import type { Tx } from "../database/db";
import type { Forms } from "../forms/forms";
import { AppError } from "../platform/errors";
import { locales } from "../platform/locales";
import type { Services } from "../services";
import { builtInWording } from "./built-in";
import { consentLimits } from "./consent-limits";
import type { ConsentDraft, DraftProblems } from "./draft";
import { type ConsentWording, processingKind } from "./kinds";
import { type NamingRule, rulesNaming } from "./named-by";
import { builtInState, inOrder, type KindState, storedKinds, toWording } from "./stored";

type Deps = Pick<Services, "db" | "consents">;
/** Where field maps stand, which may name a consent. */
type Maps = Pick<Services, "env"> & { forms: Pick<Forms, "all"> };
type States = Map<string, KindState>;

/** By key: what applied before and after; null: the consent was or is not there. */
export type ConsentChanges = Record<string, { from: KindState | null; to: KindState | null }>;

export interface ConsentChangeView {
  id: number;
  at: string;
  actor: ActorRef;
  changes: ConsentChanges;
  /** The change that it took back. */
  undoes: number | null;
  /** Whether it can be taken back: nothing of it was changed since. */
  undoable: boolean;
}

/** Another administrator has changed the same consent meanwhile: nothing was saved. */
export class ConsentsConflictError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT", { details: {} });
  }
}

/** The draft does not fit what is stored. */
export class ConsentDraftError extends AppError<"INVALID"> {
  constructor(readonly problems: DraftProblems) {
    super("INVALID");
  }
}

/** A field map names a consent that would no longer be asked for: its field of the portal would change without a word. */
export class ConsentNamedError extends AppError<"INVALID"> {
  constructor(readonly rules: NamingRule[]) {
    super("INVALID");
  }
}

interface By {
  actor: Actor;
  /** The newest change that the page showed, so that nobody overwrites what they have not seen. */
  seen: number;
}

/** The number of the newest change. */
export async function newestConsentChange(db: Tx): Promise<number> {
  const { _max } = await db.consentChange.aggregate({ _max: { id: true } });
  return _max.id ?? 0;
}

/**
 * Adds a consent, or changes one: other words make a new version, and who agreed to the former ones keeps them. Returns
 * the change's number, null if nothing has changed. Throws ConsentDraftError and ConsentsConflictError.
 */
export async function saveConsent(
  services: Deps,
  { actor, seen, isNew, draft }: By & { isNew: boolean; draft: ConsentDraft },
): Promise<number | null> {
  return change(services, { actor, seen }, async (tx, states) => {
    const { key, purpose, required, wording } = draft;
    const before = states.get(key) ?? (key === processingKind ? builtInState : undefined);
    if (isNew) await assertFree(tx, states, key);
    else if (!before) throw new AppError("NOT_FOUND");
    else if (before.purpose !== purpose) throw new ConsentDraftError({ purpose: "purpose" });
    const last = Math.max(builtInState.position, ...[...states.values()].map(({ position }) => position));
    const version = await versionOf(tx, key, wording);
    return { [key]: { position: last + 1, retired: false, ...before, purpose, required, version } };
  });
}

/**
 * Asks for a consent no more, or again. That to the processing stays. Throws ConsentNamedError for one that a field map
 * names.
 */
export async function retireConsent(
  services: Deps & Maps,
  { actor, seen, key, retired }: By & { key: string; retired: boolean },
): Promise<number | null> {
  return change(services, { actor, seen }, async (_, states) => {
    const before = states.get(key);
    if (!before || key === processingKind) throw new AppError("NOT_FOUND");
    if (!retired) assertRoom(states);
    else if (!before.retired) assertUnnamed(services, [key]);
    return { [key]: { ...before, retired } };
  });
}

/** Swaps a consent with the one that is asked for before or after it. */
export async function moveConsent(
  services: Deps,
  { actor, seen, key, to }: By & { key: string; to: "up" | "down" },
): Promise<number | null> {
  return change(services, { actor, seen }, async (_, stored) => {
    const states: States = new Map([[processingKind, builtInState], ...stored]);
    const all = inOrder(states);
    const asked = all.filter((each) => !states.get(each)?.retired);
    const at = asked.indexOf(key);
    if (at === -1) throw new AppError("NOT_FOUND");
    const neighbour = asked[to === "up" ? at - 1 : at + 1];
    if (neighbour === undefined) return {};
    const order = all.map((each) => (each === key ? neighbour : each === neighbour ? key : each));
    return Object.fromEntries(order.map((each, position) => [each, { ...(states.get(each) as KindState), position }]));
  });
}

/**
 * Takes a change back. Throws NOT_FOUND, ConsentDraftError, ConsentNamedError if a consent that a field map names would no
 * longer be asked for, and ConsentsConflictError if something of it was changed since, unless the last to do so is the actor's
 * own undoing of it: the answer to that was lost, and it is sent again.
 */
export async function undoConsents(services: Deps & Maps, { actor, id }: { actor: Actor; id: number }): Promise<void> {
  await services.db.$transaction(async (tx) => {
    const states = await lockKinds(tx);
    const row = await tx.consentChange.findUnique({ where: { id } });
    if (!row) throw new AppError("NOT_FOUND");
    const changes = row.changes as unknown as ConsentChanges;
    const inForce = rowsInForce(await keyedHistory(tx, "ConsentChange"));
    if (!inForce.has(id) || !isStored(changes, states)) {
      if (await isUndoneBy(tx, actor, id)) return;
      throw new ConsentsConflictError();
    }
    const isAsked = (state: KindState | null): boolean => state !== null && !state.retired;
    const gone = Object.entries(changes).filter(([, { from, to }]) => isAsked(to) && !isAsked(from));
    assertUnnamed(
      services,
      gone.map(([key]) => key),
    );
    const then: States = new Map(states);
    for (const [key, { from }] of Object.entries(changes)) from ? then.set(key, from) : then.delete(key);
    if (askedIn(then) > askedIn(states)) assertRoom(states, askedIn(then) - askedIn(states));
    const back = Object.entries(changes).map(([key, { from, to }]) => [key, { from: to, to: from }]);
    await save(tx, { actor, changes: Object.fromEntries(back), undoes: id });
  });
  await services.consents.reload();
}

/** The newest changes. */
export async function consentHistory({ db }: Pick<Services, "db">): Promise<ConsentChangeView[]> {
  const rows = await db.consentChange.findMany({ orderBy: { id: "desc" }, take: 20 });
  const inForce = rowsInForce(await keyedHistory(db, "ConsentChange"));
  const states = await storedKinds(db);
  return rows.map(({ id, at, actorKind, actorId, changes, undoes }) => ({
    id,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId },
    changes: changes as unknown as ConsentChanges,
    undoes,
    undoable: inForce.has(id) && isStored(changes as unknown as ConsentChanges, states),
  }));
}

async function change(
  services: Deps,
  { actor, seen }: By,
  plan: (tx: Tx, states: States) => Promise<Record<string, KindState>>,
): Promise<number | null> {
  const changed = await services.db.$transaction(async (tx) => {
    const states = await lockKinds(tx);
    const changes: ConsentChanges = {};
    for (const [key, to] of Object.entries(await plan(tx, states))) {
      const from = states.get(key) ?? null;
      const unchanged = from ?? (key === processingKind ? builtInState : null);
      if (!isDeepStrictEqual(to, unchanged)) changes[key] = { from, to };
    }
    const later = await tx.consentChange.findMany({ where: { id: { gt: seen } }, select: { changes: true } });
    const touched = new Set(later.flatMap((each) => Object.keys(each.changes as object)));
    if (Object.keys(changes).some((key) => touched.has(key))) throw new ConsentsConflictError();
    return save(tx, { actor, changes });
  });
  await services.consents.reload();
  return changed;
}

const isUndoneBy = async (tx: Tx, actor: Actor, change: number): Promise<boolean> =>
  isStillUndone(await tx.consentChange.findMany({ where: { id: { gt: change } } }), { actor, change });

function assertUnnamed(maps: Maps, keys: string[]): void {
  const rules = rulesNaming(maps, keys);
  if (rules.length > 0) throw new ConsentNamedError(rules);
}

/** Changes wait for each other; reading goes on. */
async function lockKinds(tx: Tx): Promise<States> {
  await tx.$executeRaw`lock table "ConsentKind" in share row exclusive mode`;
  return storedKinds(tx);
}

async function save(
  tx: Tx,
  { actor, changes, undoes = null }: { actor: Actor; changes: ConsentChanges; undoes?: number | null },
): Promise<number | null> {
  const entries = Object.entries(changes);
  if (entries.length === 0) return null;
  for (const [key, { to }] of entries)
    if (to === null) await tx.consentKind.delete({ where: { key } });
    else await tx.consentKind.upsert({ where: { key }, create: { key, ...to }, update: to });
  const { id } = await tx.consentChange.create({
    data: { actorKind: actor.kind, actorId: actor.id, changes: changes as unknown as Prisma.InputJsonObject, undoes },
  });
  const details = { consents: entries.map(([key]) => key).join(", ") };
  await audit(tx, { actor, action: undoes === null ? "consents.change" : "consents.undo", details });
  return id;
}

/** A key that people have agreed under is never used for something else, also after it was taken back. */
async function assertFree(tx: Tx, states: States, key: string): Promise<void> {
  const used =
    states.has(key) || key === processingKind || (await tx.consentWording.count({ where: { kind: key } })) > 0;
  if (used || (await tx.consent.count({ where: { kind: key }, take: 1 })) > 0)
    throw new ConsentDraftError({ key: "key_used" });
  assertRoom(states);
}

/** How many consents are asked for beside that to the processing, which always is. */
const askedIn = (states: States): number =>
  [...states].filter(([key, { retired }]) => key !== processingKind && !retired).length;

function assertRoom(states: States, more = 1): void {
  if (askedIn(states) + 1 + more > consentLimits.kinds) throw new ConsentDraftError({ key: "too_many" });
}

/** The version of these words: a former one where they stood before, else the next number. */
async function versionOf(tx: Tx, kind: string, wording: ConsentDraft["wording"]): Promise<string | null> {
  if (kind === processingKind && sameWords(wording, builtInWording)) return null;
  const rows = await tx.consentWording.findMany({ where: { kind } });
  const former = rows.find((row) => sameWords(wording, toWording(row)));
  if (former) return former.version;
  const version = String(Math.max(0, ...rows.map((row) => Number(row.version))) + 1);
  await tx.consentWording.create({ data: { kind, version, ...wording } });
  return version;
}

const sameWords = (one: Pick<ConsentWording, "label" | "text">, other: Pick<ConsentWording, "label" | "text">) =>
  locales.every(
    (locale) => one.label[locale] === other.label[locale] && isDeepStrictEqual(one.text[locale], other.text[locale]),
  );

const isStored = (changes: ConsentChanges, states: States): boolean =>
  Object.entries(changes).every(([key, { to }]) => isDeepStrictEqual(states.get(key) ?? null, to));
