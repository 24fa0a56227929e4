import { z } from "zod";
import { contactType, dealType } from "../bitrix24/fields";
import { claimOf, type Marks, markColumns } from "../bitrix24/marks";
import { userIdOf } from "../bitrix24/person";
import type { PortalAsked } from "../bitrix24/portal-watch";
import { parseRows, portalId, text } from "../bitrix24/responses";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import type { Services } from "../services";

/**
 * What a webhook can read about its portal. The portal has no id or name of its own there, so it is recognised by the
 * day on which its first user was registered, and by the records that this installation has created.
 */
export interface PortalFacts {
  /** The webhook's owner, and when that user was registered. */
  ownerId?: number;
  ownerSince?: string;
  /** When the portal's first user was registered. */
  founded?: string;
  /** An administrator has answered which portal this is, and it was not checked since. */
  vouched?: boolean;
}

/** What the ids of some contacts and deals that were created here name now. */
export interface Sample {
  asked: number;
  /** Has the external id that we wrote. */
  ours: number;
  /** Has another external id, or none. */
  foreign: number;
  missing: number;
}

export interface Inspection {
  host: string;
  facts: PortalFacts;
  sample: Sample;
  /** The newest records on the portal with an external id of this database. */
  newest: MarkedRecord[];
}

/** A record that this database has created, or should know. */
export interface MarkedRecord {
  isDeal: boolean;
  id: number;
  userId: number;
  /** Has the present external id, not a former one. */
  isPresent: boolean;
  /** When it was created, by the portal's clock; null if the portal does not tell. */
  madeAt: Date | null;
}

/** Half of them from the latest users, half from the earliest. */
const sampleSize = 40;

const profile = z.object({ ID: z.coerce.number() });
const user = z.object({ ID: z.coerce.number(), DATE_REGISTER: text });
const marked = z.object({
  id: portalId,
  originatorId: text,
  originId: text,
  createdTime: z.coerce.date().nullish().catch(null),
});

interface Known {
  userId: number;
  id: number;
  isDeal: boolean;
}

/**
 * Reads the facts of the portal in one request. Facts that it does not return are missing. Throws Bitrix24Error if it
 * does not answer.
 */
export async function inspectPortal(db: Services["db"], client: PortalAsked, marks: Marks): Promise<Inspection> {
  const known = await sampleOf(db);
  const ids = (isDeal: boolean) => known.filter((one) => one.isDeal === isDeal).map(({ id }) => id);
  const commands: Command[] = [
    { method: "profile", params: {} },
    { method: "user.current", params: {} },
    { method: "user.get", params: { filter: { ID: 1 } } },
    newest(dealType, marks),
    newest(contactType, marks),
    ...[dealType, contactType].flatMap((type) => listById(type, ids(type === dealType))),
  ];
  const [owner, current, first, ...lists] = await client.batch(commands);
  const ownerId = readOne(owner, profile)?.ID;
  const ownerSince = readOne(current, user)?.DATE_REGISTER;
  const founded = readFirst(first)?.DATE_REGISTER;
  return {
    host: client.host,
    facts: {
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(ownerSince ? { ownerSince } : {}),
      ...(founded ? { founded } : {}),
    },
    sample: judgeSample(marks, known, lists.slice(2), commands.slice(5)),
    newest: [...markedIn(marks, lists[0], true), ...markedIn(marks, lists[1], false)],
  };
}

/** Contacts and deals that this database has created; linked contacts prove nothing. */
async function sampleOf(db: Services["db"]): Promise<Known[]> {
  const half = sampleSize / 2;
  const rows = await db.$queryRaw<{ id: number; deal: number | null; contact: number | null }[]>`
    with sampled as (
      (select id from "User" where "bitrix24DealId" is not null order by id desc limit ${half})
      union
      (select id from "User" where "bitrix24DealId" is not null order by id limit ${half})
    )
    select u.id, u."bitrix24DealId" as deal,
           case when u."crmContactBy" = 'made' then u."bitrix24ContactId" end as contact
    from "User" u join sampled using (id)`;
  return rows.flatMap(({ id: userId, deal, contact }): Known[] => [
    ...(deal === null ? [] : [{ userId, id: deal, isDeal: true }]),
    ...(contact === null ? [] : [{ userId, id: contact, isDeal: false }]),
  ]);
}

/** Only external ids of this database: the legacy one may have been written by any installation. */
export const newest = (entityTypeId: number, { own, former }: Marks): Command => ({
  method: "crm.item.list",
  params: {
    entityTypeId,
    filter: { "@originatorId": [own, ...former] },
    select: [...markColumns, "createdTime"],
    order: { id: "DESC" },
    start: -1,
  },
});
const listById = (entityTypeId: number, ids: number[]): Command[] =>
  ids.length === 0
    ? []
    : [{ method: "crm.item.list", params: { entityTypeId, filter: { "@id": ids }, select: markColumns, start: -1 } }];

function judgeSample(marks: Marks, known: Known[], answers: Outcome<unknown>[], commands: Command[]): Sample {
  const sample: Sample = { asked: 0, ours: 0, foreign: 0, missing: 0 };
  for (const [place, answer] of answers.entries()) {
    if (!answer.ok) continue;
    const isDeal = commands[place]?.params.entityTypeId === dealType;
    const found = new Map(rowsOf(answer).map((record) => [record.id, record]));
    for (const one of known.filter((each) => each.isDeal === isDeal)) {
      const record = found.get(one.id);
      sample.asked += 1;
      if (!record) sample.missing += 1;
      else if (claimOf(marks, record, one.userId) === "foreign") sample.foreign += 1;
      else sample.ours += 1;
    }
  }
  return sample;
}

/** The rows of an answer to `newest` that really have such an external id: the portal may ignore the filter. */
export function markedIn(
  { own, former }: Marks,
  answer: Outcome<unknown> | undefined,
  isDeal: boolean,
): MarkedRecord[] {
  const written = new Set([own, ...former]);
  return rowsOf(answer).flatMap(({ id, originatorId, originId, createdTime }) => {
    const userId = userIdOf(originId);
    return written.has(originatorId) && userId
      ? [{ isDeal, id, userId, isPresent: originatorId === own, madeAt: createdTime ?? null }]
      : [];
  });
}

const rowsOf = (outcome: Outcome<unknown> | undefined) => {
  if (!outcome?.ok) return [];
  try {
    return parseRows("crm.item.list", marked, outcome.value).rows;
  } catch {
    return [];
  }
};

function readOne<T extends z.ZodType>(outcome: Outcome<unknown> | undefined, schema: T): z.output<T> | undefined {
  const parsed = schema.safeParse(outcome?.ok ? outcome.value : undefined);
  return parsed.success ? parsed.data : undefined;
}

/** A portal that does not know the filter lists all users. */
const readFirst = (outcome: Outcome<unknown> | undefined) =>
  readOne(outcome, z.array(user))?.find(({ ID }) => ID === 1);
