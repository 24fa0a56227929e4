import { data } from "@remix-run/node";
import type { Actor } from "~server/audit/actor";
import { bulkRest, setPaidBulk, type UserSelection } from "~server/payments/bulk";
import {
  type BulkChange,
  type BulkProgress,
  bulkProgress,
  bulkStart,
  newestPaymentChange,
  undoBulk,
} from "~server/payments/undo-bulk";
import { maxId } from "~server/platform/ids";
import type { Services } from "~server/services";

/**
 * `left` is the number of people that one request had no time for; the other numbers count all requests of the bulk
 * change so far. `kept`: the people whose payment was set otherwise after the question was shown.
 */
export type BulkAnswer =
  | { did: "change"; changed: number; left: number; kept: number; upTo: number; seen: number; change: BulkChange }
  | { did: "undo"; undone: number; left: number; change: BulkChange };

/** What the page of a bulk change says of it, at any time; `left` and `kept` as above, and with what it continues. */
export type BulkDone = BulkProgress & {
  left: number;
  kept: number;
  change: BulkChange;
  goesOn: { upTo: number; seen: number } | null;
};

interface Asked {
  actor: Actor & { kind: "USER" };
  isPaid: boolean;
  form: FormData;
}

/** What a form of the bulk page asks for: a bulk change, or to take one back. Anything else is a 400. */
export function readBulkForm({ isPaid, form }: Omit<Asked, "actor">, selection: UserSelection | null) {
  const upTo = readNumber(form, "upTo");
  if (form.get("intent") === "undo") return { undo: { isPaid, after: readNumber(form, "after"), upTo } };
  if (!selection) throw data(null, { status: 400 });
  const given = (name: string) => (form.has(name) ? readNumber(form, name) : null);
  return { selection, upTo, after: given("after"), seen: given("seen") };
}

/** Does what was asked for. */
export async function actOnMany(
  services: Services,
  { actor, isPaid }: Omit<Asked, "form">,
  asked: ReturnType<typeof readBulkForm>,
): Promise<BulkAnswer> {
  if ("undo" in asked) {
    const { undo: change } = asked;
    const { undone, undoable } = await undoBulk(services, { actor, change });
    return { did: "undo", undone, left: undoable, change };
  }
  const { selection, upTo } = asked;
  const seen = asked.seen ?? asked.after ?? (await newestPaymentChange(services));
  // Of the first request: what is continued, or sent again because no answer came, is undone as one.
  const after = asked.after ?? (await bulkStart(services, { actor, isPaid, selection, upTo, seen }));
  // Continuing has the same confirmation: people who registered after it were not counted in it, hence `upTo`, nor was
  // known of a payment what was set after it, hence `seen`.
  const { left, kept } = await setPaidBulk(services, { actor, isPaid, selection, upTo, seen });
  const change = { isPaid, after, upTo: await newestPaymentChange(services) };
  const { changed } = await bulkProgress(services, { actor, change });
  return { did: "change", changed, left, kept, upTo, seen, change };
}

/** The search part of the page's address that names a bulk change: it is undone from there without a script, and later. */
export function bulkAddress(params: URLSearchParams, done: Extract<BulkAnswer, { did: "change" }>): string {
  const named = new URLSearchParams(params);
  named.set("since", String(done.change.after));
  named.set("until", String(done.change.upTo));
  // Once nothing is left, who was selected is not known any more.
  if (done.kept > 0) named.set("kept", String(done.kept));
  // Who was selected is needed by what continues alone.
  if (done.left > 0) {
    named.set("people", String(done.upTo));
    named.set("seen", String(done.seen));
  } else for (const name of ["people", "seen", "all", "id"]) named.delete(name);
  return `?${named}`;
}

/** What became of the bulk change that the page's address names; null if it names none. */
export async function readBulkDone(
  services: Services,
  { actor, isPaid }: Omit<Asked, "form">,
  { params, selection }: { params: URLSearchParams; selection: UserSelection | null },
): Promise<BulkDone | null> {
  if (!params.has("since")) return null;
  const change = { isPaid, after: readNumber(params, "since"), upTo: readNumber(params, "until") };
  const progress = await bulkProgress(services, { actor, change });
  const given = (name: string) => (params.has(name) ? readNumber(params, name) : null);
  const upTo = given("people");
  const goesOn = upTo === null ? null : { upTo, seen: given("seen") ?? change.after };
  // What is undone again is not continued.
  const continues = selection && goesOn && progress.undoable > 0;
  const { left } = continues ? await bulkRest(services, { selection, isPaid, ...goesOn }) : { left: 0 };
  return { ...progress, left, kept: given("kept") ?? 0, change, goesOn };
}

function readNumber(form: FormData | URLSearchParams, name: string): number {
  const text = form.get(name);
  if (typeof text !== "string" || !/^\d{1,10}$/.test(text)) throw data(null, { status: 400 });
  return Math.min(Number(text), maxId);
}
