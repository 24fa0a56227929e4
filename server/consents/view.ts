import type { ActorRef } from "../audit/actor";
import type { Services } from "../services";
import { type ConsentChangeView, consentHistory, newestConsentChange } from "./change";
import { isConsentKey } from "./draft";
import type { ConsentKind, ConsentWording } from "./kinds";
import { type ConsentSet, readConsents, toWording } from "./stored";

export interface ConsentsView {
  kinds: ConsentKind[];
  changes: ConsentChangeView[];
  /** The label by which the history names a consent; null: its words are not kept. */
  labels: Record<string, ConsentWording["label"] | null>;
  /** The newest change that the page shows. */
  seen: number;
}

/** The consents as they are stored at this moment, with their history. */
export async function viewConsents({ db }: Pick<Services, "db">): Promise<ConsentsView> {
  // First, so that a change in between is noticed when a form is sent.
  const seen = await newestConsentChange(db);
  const set = await readConsents(db);
  const changes = await consentHistory({ db });
  const keys = new Set(changes.flatMap((change) => Object.keys(change.changes)));
  return {
    kinds: set.kinds,
    changes,
    labels: Object.fromEntries([...keys].map((key) => [key, labelOf(set, key)])),
    seen,
  };
}

/** That of the present wording, or of the first one where the consent was taken back. */
function labelOf({ kinds, wordingOf }: ConsentSet, key: string): ConsentWording["label"] | null {
  const present = kinds.find((kind) => kind.key === key)?.wording;
  return (present ?? wordingOf(key, "1"))?.label ?? null;
}

export interface ConsentKindView {
  kind: ConsentKind;
  /** The owner's other wordings, the newest first. */
  earlier: ConsentWording[];
  seen: number;
}

/** What became of a consent whose addition was taken back. */
export interface GoneConsent {
  label: ConsentWording["label"];
  at: string;
  actor: ActorRef;
}

/** Null for a key under which there is a consent, or never was one. */
export async function goneConsent({ db }: Pick<Services, "db">, key: string): Promise<GoneConsent | null> {
  // Before it gets into a query: the database refuses some characters.
  if (!isConsentKey(key)) return null;
  const { kinds, wordingOf } = await readConsents(db);
  const [change] = await db.$queryRaw<
    { at: Date; kind: ActorRef["kind"]; id: number | null; version: string | null }[]
  >`
    select at, "actorKind"::text as kind, "actorId" as id, changes->${key}->'from'->>'version' as version
    from "ConsentChange" where jsonb_exists(changes, ${key}) and jsonb_typeof(changes->${key}->'to') = 'null'
    order by "ConsentChange".id desc limit 1`;
  const words = change?.version ? wordingOf(key, change.version) : null;
  if (!change || !words || kinds.some((kind) => kind.key === key)) return null;
  return { label: words.label, at: change.at.toISOString(), actor: { kind: change.kind, id: change.id } };
}

/** One consent with all its wordings; null if there is none under that key. */
export async function viewConsent({ db }: Pick<Services, "db">, key: string): Promise<ConsentKindView | null> {
  const seen = await newestConsentChange(db);
  const kind = (await readConsents(db)).kinds.find((each) => each.key === key);
  if (!kind) return null;
  const rows = await db.consentWording.findMany({ where: { kind: key }, orderBy: { createdAt: "desc" } });
  const earlier = rows.map(toWording).filter(({ version }) => version !== kind.wording.version);
  return { kind, earlier, seen };
}
