import { z } from "zod";
import { contactType, dealType } from "../bitrix24/fields";
import { claimOf, type Marks } from "../bitrix24/marks";
import type { PortalAsked } from "../bitrix24/portal-watch";
import { userIdOf } from "../bitrix24/registrant";
import { parseRows, portalId, text } from "../bitrix24/responses";
import type { Command, Outcome } from "../bitrix24/transport/batch";
import type { Services } from "../services";

/**
 * What a webhook can tell of the portal it belongs to. There is no name or number of a portal among it: it is told by the
 * day on which its first user was registered, and by the records that this installation has made there.
 */
export interface PortalFacts {
  /** The webhook's owner, and when they were registered. */
  ownerId?: number;
  ownerSince?: string;
  /** When the portal's first user was registered. */
  founded?: string;
  /** An administrator has said who answers there, and nobody has looked since. */
  vouched?: boolean;
}

/** Of some contacts and deals that were made here, what stands under their ids. */
export interface Sample {
  asked: number;
  /** Bears the mark that we wrote. */
  ours: number;
  /** Bears another one, or none. */
  foreign: number;
  missing: number;
}

export interface Inspection {
  host: string;
  facts: PortalFacts;
  sample: Sample;
  /** The newest records there that bear a mark of this database. */
  newest: MarkedRecord[];
}

/** A record that this database has made, or would have to know of. */
export interface MarkedRecord {
  isDeal: boolean;
  id: number;
  userId: number;
  /** Under the mark that is written now, and not an earlier one. */
  isPresent: boolean;
  /** When it was made, by the portal's clock; null: not told. */
  madeAt: Date | null;
}

/** Half of them of the people who came last, half of those who came first. */
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

/** Asks the portal who it is, in one request. What it does not tell is missing. Throws Bitrix24Error if it does not answer. */
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

/** Contacts and deals that this database says it made; linked contacts prove nothing. */
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

const select = ["id", "originatorId", "originId"];
/** With a mark of this database alone: what any installation may have written proves nothing. */
export const newest = (entityTypeId: number, { own, former }: Marks): Command => ({
  method: "crm.item.list",
  params: {
    entityTypeId,
    filter: { "@originatorId": [own, ...former] },
    select: [...select, "createdTime"],
    order: { id: "DESC" },
    start: -1,
  },
});
const listById = (entityTypeId: number, ids: number[]): Command[] =>
  ids.length === 0
    ? []
    : [{ method: "crm.item.list", params: { entityTypeId, filter: { "@id": ids }, select, start: -1 } }];

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

/** Of an answer to `newest` what bears such a mark indeed: a portal may not know the filter. */
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

/** A portal that does not know the filter would list everybody. */
const readFirst = (outcome: Outcome<unknown> | undefined) =>
  readOne(outcome, z.array(user))?.find(({ ID }) => ID === 1);
