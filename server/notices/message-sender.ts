import { isTurnedAway, messageOutcome, notifyCommand } from "../bitrix24/notify";
import { withoutEmoji } from "../bitrix24/ornaments";
import { sentProduct } from "../bitrix24/product-info";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { hasWithdrawn } from "../consents/withdrawn";
import { toldColumns, toldPerson } from "../crm/told-person";
import { siteQuestions } from "../forms/questions";
import type { Services } from "../services";
import { messageTo } from "./messages";
import { isWanted } from "./notice-kinds";
import {
  beginAttempt,
  type ClaimedMessage,
  claimMessages,
  type Fate,
  recordMessages,
  silentReceivers,
} from "./portal-messages";

/** Messages in the portal to the responsible persons of new deals. Only the leader sends them, by its own client. */

type Deps = Pick<Services, "db" | "pool" | "env" | "forms" | "bitrix24" | "log">;

interface Ready {
  message: ClaimedMessage;
  receiver: number;
  text: string;
}

/** So many messages that are turned away before one is taken have a cause in common, and so many in all are enough. */
const [suspectsAtFirst, mostSuspects] = [3, 10];

/**
 * Sends one request with messages, if it is time for one. What the portal says of them concerns no registration: it is
 * written down with the messages, and the worker goes on.
 */
export async function tellResponsible(deps: Deps, { idle }: { idle: boolean }): Promise<void> {
  if (!isWanted(deps.env, "responsible")) return;
  const claimed = await claimMessages(deps, { idle });
  if (claimed.length === 0) return;
  const groups = [await readyOnes(deps, claimed)];
  /** Turned away alone: because of what is in them, if the portal takes others. */
  const suspects: Ready[] = [];
  let takesOthers = false;
  for (let group = groups.pop(); group; group = groups.pop()) {
    if (group.length === 0) continue;
    const result = await send(deps, group);
    if (result !== "turned away") {
      await record(deps, result);
      const [first] = result;
      if (!first) continue;
      if (result.every(({ fate }) => fate.kind === "later"))
        // The whole request failed, and the next one would too.
        return record(
          deps,
          [...suspects, ...groups.flat()].map((each) => ({ ...each, fate: first.fate })),
        );
      takesOthers = true;
    } else if (group.length > 1) {
      const half = Math.ceil(group.length / 2);
      groups.push(group.slice(half), group.slice(0, half));
    } else {
      suspects.push(...group);
      if (suspects.length >= (takesOthers ? mostSuspects : suspectsAtFirst)) break;
    }
  }
  const [untaken, closed] = [
    { kind: "untaken", code: turnedAway } as const,
    { kind: "closed", code: turnedAway } as const,
  ];
  await record(deps, [
    ...suspects.map((each) => ({ ...each, fate: takesOthers ? untaken : closed })),
    ...groups.flat().map((each) => ({ ...each, fate: closed })),
  ]);
}

const turnedAway = "TURNED_AWAY";

type Ended = { message: ClaimedMessage; receiver: number | null; fate: Fate };

/** The messages that are still wanted and have a receiver, in the words of the moment; the others are ended. */
async function readyOnes(deps: Deps, claimed: ClaimedMessage[]): Promise<Ready[]> {
  const { db, env, forms, bitrix24 } = deps;
  const rows = await db.user.findMany({
    where: { id: { in: claimed.map(({ userId }) => userId) }, erasedAt: null, NOT: hasWithdrawn },
    select: {
      ...toldColumns,
      crmProduct: true,
      crmState: true,
      bitrix24ContactId: true,
      bitrix24DealId: true,
      crmAssignedById: true,
      crmResponsibleId: true,
    },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const receiverOf = (row: (typeof rows)[number]) => row.crmResponsibleId ?? row.crmAssignedById;
  const silent = await silentReceivers(
    deps,
    rows.flatMap((row) => receiverOf(row) ?? []),
  );
  const questions = siteQuestions(forms.all());
  const ready: Ready[] = [];
  const ended: Ended[] = [];
  for (const message of claimed) {
    const row = byId.get(message.userId);
    const receiver = row ? receiverOf(row) : null;
    const end = (kind: "noPerson" | "notInCrm" | "noReceiver" | "passedOver") =>
      ended.push({ message, receiver, fate: { kind } });
    if (!row) end("noPerson");
    else if (row.crmState !== "SYNCED" || row.bitrix24ContactId === null || row.bitrix24DealId === null)
      end("notInCrm");
    else if (receiver === null) end("noReceiver");
    else if (silent.has(receiver)) end("passedOver");
    else {
      const person = toldPerson(row, { env, consents: undefined, questions });
      const about = { person, product: sentProduct(row.crmProduct), dealId: row.bitrix24DealId };
      const { text } = messageTo(env, { ...about, host: bitrix24.client.host });
      // What the portal broke down over may have been what its database cannot store.
      ready.push({ message, receiver, text: message.attempts > 1 ? withoutEmoji(text) : text });
    }
  }
  if (ended.length > 0) await recordMessages(deps, ended);
  return ready;
}

/**
 * One request, unless nobody is left to tell of. An error that is not the portal's escapes, and the messages are taken
 * again when their time is over.
 */
async function send(deps: Deps, claimed: Ready[]): Promise<Ended[] | "turned away"> {
  const { bitrix24 } = deps;
  const clientId = (await bitrix24.marks()).own;
  const begun = await beginAttempt(
    deps,
    claimed.map(({ message }) => message.id),
  );
  const group = claimed.filter(({ message }) => begun.has(message.id));
  if (group.length === 0) return [];
  try {
    const outcomes = await bitrix24.client.batch(
      group.map(({ message: { userId }, receiver, text }) => notifyCommand(receiver, { text, userId, clientId })),
    );
    return outcomes.map((outcome, index) => ({ ...(group[index] as Ready), fate: messageOutcome(outcome) }));
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    if (isTurnedAway(error)) return "turned away";
    const { code, retryAt } = error;
    return group.map((each) => ({ ...each, fate: { kind: "later", code, retryAt } }));
  }
}

async function record(deps: Deps, ended: Ended[]): Promise<void> {
  if (ended.length === 0) return;
  await recordMessages(deps, ended);
  const codes = new Map<string, number>();
  for (const { fate } of ended) {
    const code = "code" in fate ? fate.code : fate.kind;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  for (const [code, messages] of codes)
    if (code === "sent") deps.log.info({ messages }, "responsible persons were told of new deals");
    else deps.log.warn({ code, messages }, "the portal did not take messages to responsible persons");
}
