import type { Prisma } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import { keyedHistory, rowsInForce } from "../audit/in-force";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { isSettingKey, type SettingKey, setting, settingKeys } from "./definitions";
import { plainLines, readSetting } from "./read-setting";
import { isSealed, sealText } from "./secret-text";
import { isLocked } from "./settings";
import { zoneProblem } from "./zone-problem";

type Deps = Pick<Services, "db" | "env" | "settings">;

/** By key: the stored text before and after; null is the default. */
export type Changes = Partial<Record<SettingKey, { from: string | null; to: string | null }>>;

/** Texts of settings, as the form has them. */
export type SettingTexts = Partial<Record<SettingKey, string>>;

export interface SettingChangeView {
  id: number;
  at: string;
  actor: ActorRef;
  changes: Changes;
  /** The change that it took back. */
  undoes: number | null;
  /** Whether it can be taken back: nothing of it was changed since. */
  undoable: boolean;
}

interface SettingsWish {
  actor: Actor;
  texts: SettingTexts;
  /** The newest change that the page showed. */
  seen: number;
}

/** What was saved. */
export interface SavedSettings {
  changes: Changes;
  /** The change's id, by which it is undone; null if nothing changed. */
  id: number | null;
}

/** Another administrator has changed the settings meanwhile: nothing was saved. */
export class SettingsConflictError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT", { details: {} });
  }
}

/** The stored texts; a missing key has its default. */
export async function storedSettings({ db }: Pick<Services, "db">): Promise<SettingTexts> {
  const rows = await db.setting.findMany();
  return Object.fromEntries(rows.flatMap(({ key, value }) => (isSettingKey(key) ? [[key, value]] : [])));
}

/** The number of the newest change; a page sends it back, so that nobody overwrites what they have not seen. */
export async function newestChange({ db }: Pick<Services, "db">): Promise<number> {
  const { _max } = await db.settingChange.aggregate({ _max: { id: true } });
  return _max.id ?? 0;
}

/**
 * Saves texts, with history and audit entry in one transaction; this process uses them at once, the others within
 * seconds. Returns what changed. Throws INVALID for a locked setting or a text that its check refuses, and
 * SettingsConflictError if one of the settings was changed after `seen`.
 */
export async function saveSettings(services: Deps, { actor, texts, seen }: SettingsWish): Promise<SavedSettings> {
  for (const [key, text] of Object.entries(texts)) assertValid(services, key as SettingKey, text);
  await assertZoneKnown(services, texts);
  const saved = await services.db.$transaction(async (tx) => {
    const changes = difference(services, await lockSettings(tx), texts);
    const later = await tx.settingChange.findMany({ where: { id: { gt: seen } }, select: { changes: true } });
    const touched = new Set(later.flatMap((change) => Object.keys(change.changes as object)));
    if (Object.keys(changes).some((key) => touched.has(key))) throw new SettingsConflictError();
    return { changes, id: await save(tx, { actor, changes }) };
  });
  await services.settings.reload();
  return saved;
}

/**
 * Takes a change back, without asking the portal. Throws NOT_FOUND, INVALID for a setting that is locked or refused now,
 * and SettingsConflictError if something of it was changed since.
 */
export async function undoSettings(services: Deps, { actor, id }: { actor: Actor; id: number }): Promise<Changes> {
  const changes = await services.db.$transaction(async (tx) => {
    const back = await reversalOf(services, tx, { id, stored: await lockSettings(tx) });
    await assertZoneKnown({ db: tx }, { timeZone: back.timeZone?.to ?? "" });
    await save(tx, { actor, changes: back, undoes: id });
    return back;
  });
  await services.settings.reload();
  return changes;
}

/** What taking a change back would change. Throws as undoSettings does. */
export const plannedUndo = async (services: Pick<Deps, "db" | "env">, id: number): Promise<Changes> =>
  reversalOf(services, services.db, { id, stored: new Map(Object.entries(await storedSettings(services))) });

async function reversalOf(
  services: Pick<Deps, "env">,
  tx: Tx,
  { id, stored }: { id: number; stored: Map<string, string> },
): Promise<Changes> {
  const change = await tx.settingChange.findUnique({ where: { id } });
  if (!change) throw new AppError("NOT_FOUND");
  const inForce = rowsInForce(await keyedHistory(tx, "SettingChange"));
  if (!inForce.has(id) || !isStored(change.changes as Changes, stored)) throw new SettingsConflictError();
  const back = reversed(change.changes as Changes);
  for (const key of settingKeys) if (back[key]) assertValid(services, key, back[key].to);
  return back;
}

/** The newest changes. */
export async function settingsHistory({ db }: Pick<Services, "db">): Promise<SettingChangeView[]> {
  const [rows, history, stored] = await Promise.all([
    db.settingChange.findMany({ orderBy: { id: "desc" }, take: 20 }),
    keyedHistory(db, "SettingChange"),
    storedSettings({ db }),
  ]);
  const [inForce, now] = [rowsInForce(history), new Map(Object.entries(stored))];
  return rows.map(({ id, at, actorKind, actorId, changes, undoes }) => ({
    id,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId },
    changes: changes as Changes,
    undoes,
    undoable: inForce.has(id) && isStored(changes as Changes, now),
  }));
}

/** What these texts would change. */
export async function plannedChanges(services: Pick<Services, "db" | "env">, texts: SettingTexts): Promise<Changes> {
  return difference(services, new Map(Object.entries(await storedSettings(services))), texts);
}

/**
 * Which of these texts, as a page sends them that showed the settings as of the change `seen`, are of settings that were
 * changed since: `untouched` are as the page showed them, and keep what they were changed to; of `overtaken` the page wants
 * something else again. `own`: a later change that the page has made itself, and shows.
 */
export async function changedSince(
  services: Pick<Services, "db" | "env">,
  { texts, seen, own }: { texts: SettingTexts; seen: number; own?: number | undefined },
): Promise<{ untouched: SettingKey[]; overtaken: SettingKey[] }> {
  const later = await services.db.settingChange.findMany({
    where: { id: { gt: seen, ...(own === undefined ? {} : { not: own }) } },
    orderBy: { id: "desc" },
    select: { changes: true },
  });
  // The oldest of them says what the page showed.
  const shown = new Map(
    later.flatMap(({ changes }) => Object.entries(changes as Changes).map(([key, { from }]) => [key, from] as const)),
  );
  const changed = (Object.keys(texts) as SettingKey[]).filter((key) => shown.has(key));
  const before = new Map([...shown].flatMap(([key, from]) => (from === null ? [] : [[key, from] as const])));
  const wanted = difference(services, before, Object.fromEntries(changed.map((key) => [key, texts[key] ?? ""])));
  const now = await plannedChanges(services, texts);
  return {
    untouched: changed.filter((key) => !wanted[key]),
    overtaken: changed.filter((key) => wanted[key] && now[key]),
  };
}

function difference({ env }: Pick<Services, "env">, stored: Map<string, string>, texts: SettingTexts): Changes {
  const wanted = Object.entries(texts).map(([key, text]) => [key, storable(env, key as SettingKey, text)] as const);
  return Object.fromEntries(
    wanted.flatMap(([key, to]) => {
      const from = stored.get(key) ?? null;
      return from === to ? [] : [[key, { from, to }]];
    }),
  );
}

/** A default is not stored: a later release may have a better one. A secret is stored encrypted only. */
const storable = (env: Services["env"], key: SettingKey, text: string): string | null => {
  // In one order, so that the same boxes ticked are no change.
  const trimmed = setting(key).input === "list" ? inOrder(text) : plainLines(text);
  if (trimmed === "" || trimmed === setting(key).usual) return null;
  return setting(key).input === "secret" && !isSealed(trimmed) ? sealText(env, key, trimmed) : trimmed;
};

const inOrder = (list: string): string =>
  [...new Set(list.split(",").map((each) => each.trim()))]
    .filter(Boolean)
    .sort((a, b) => Number(a) - Number(b))
    .join(", ");

const invalid = (key: SettingKey) =>
  new AppError("INVALID", { details: { issues: [{ path: [key], code: "invalid", params: {} }] } });

function assertValid(services: Pick<Deps, "env">, key: SettingKey, text: string | null): void {
  if (isLocked(services, key) || "problem" in readSetting(key, text ?? "", services.env)) throw invalid(key);
}

async function assertZoneKnown(services: { db: Tx }, texts: SettingTexts): Promise<void> {
  if (await zoneProblem(services, texts)) throw invalid("timeZone");
}

/** Changes wait for each other; reading goes on. */
async function lockSettings(tx: Tx): Promise<Map<string, string>> {
  await tx.$executeRaw`lock table "Setting" in share row exclusive mode`;
  const rows = await tx.setting.findMany();
  return new Map(rows.map(({ key, value }) => [key, value]));
}

async function save(
  tx: Tx,
  { actor, changes, undoes = null }: { actor: Actor; changes: Changes; undoes?: number | null },
): Promise<number | null> {
  const entries = Object.entries(changes);
  if (entries.length === 0) return null;
  for (const [key, { to }] of entries)
    if (to === null) await tx.setting.delete({ where: { key } });
    else await tx.setting.upsert({ where: { key }, create: { key, value: to }, update: { value: to } });
  const { id } = await tx.settingChange.create({
    data: { actorKind: actor.kind, actorId: actor.id, changes: changes as Prisma.InputJsonObject, undoes },
    select: { id: true },
  });
  // Names only: the values may be addresses of people.
  const keys = entries.map(([key]) => key).join(", ");
  await audit(tx, { actor, action: undoes === null ? "settings.change" : "settings.undo", details: { keys } });
  return id;
}

/** A secret is sealed anew with each new session secret: it is stored in other words than the change has. */
const isStored = (changes: Changes, stored: Map<string, string>): boolean =>
  Object.entries(changes).every(([key, { to }]) => {
    const now = stored.get(key) ?? null;
    return isSettingKey(key) && (now === to || (now !== null && to !== null && isSealed(now) && isSealed(to)));
  });

const reversed = (changes: Changes): Changes =>
  Object.fromEntries(Object.entries(changes).map(([key, { from, to }]) => [key, { from: to, to: from }]));
