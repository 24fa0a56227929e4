import { setTimeout as delay } from "node:timers/promises";
import { countOutcome, type NewPerson, person } from "../people";
import { Visitor } from "../visitor";
import { ask, cutConnections, killBackend } from "./cluster";
import { reconcile, type SoakInstallation, untilQuiet } from "./installation";

/** What one part of the soak did, and what was found after it. */
export interface RoundResult {
  round: number;
  registrations: number;
  seconds: number;
  kills: Record<string, number>;
  /** Processes that ended by themselves and were started again. */
  ended: number;
  faults: Record<string, number>;
  /** Answers to visitors by status; 0: none. */
  answers: Record<string, number>;
  payments: number;
  moves: number;
  /** Of everybody registered in this installation so far. */
  found: { people: number; users: number; contacts: number; deals: number; rows: number };
  lost: number;
  twice: number;
  /** People whose payment here and stage there contradict each other. */
  disagree: number;
  /** People whose payment is not what was done last. */
  wrong: number;
}

const visitors = 8;

/** Ten kills in turn; the server's own processes are hit least, since all of them end then. */
const victims = [
  "web",
  "worker 1",
  "connections",
  "worker 2",
  "web",
  "connections",
  "worker 1",
  "web",
  "PostgreSQL",
  "worker 2",
];
const turns = ["web", "worker 1", "worker 2"];

/** What managers do to some deals, by the person's number. */
const walks = [["EXECUTING"], ["EXECUTING", "WON"], ["WON"], ["LOSE"]];
const isMoved = (number: number) => number % 10 === 3;
const walkOf = (number: number) => walks[Math.floor(number / 10) % walks.length] as string[];
/** What the office does: paid, or paid by mistake and taken back. */
const isPaying = (number: number) => number % 10 === 6;
const isTakenBack = (number: number) => number % 30 === 6;

const paidInTheEnd = (number: number) =>
  isMoved(number) ? walkOf(number).at(-1) === "WON" : isPaying(number) && !isTakenBack(number);

export interface RoundOptions {
  round: number;
  /** Numbers of the people. */
  from: number;
  count: number;
  kills: number;
  token: string;
}

export async function runRound(installation: SoakInstallation, options: RoundOptions): Promise<RoundResult> {
  const { database, fleet, server } = installation;
  const { round, from, count, token } = options;
  const started = performance.now();
  const before = installation.strikes();
  const result: RoundResult = {
    round,
    registrations: count,
    seconds: 0,
    kills: {},
    ended: 0,
    faults: {},
    answers: {},
    payments: 0,
    moves: 0,
    found: { people: 0, users: 0, contacts: 0, deals: 0, rows: 0 },
    lost: 0,
    twice: 0,
    disagree: 0,
    wrong: 0,
  };
  const visitor = new Visitor(fleet.site);
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  let registered = 0;
  let isOver = false;

  const note = (status: number) => {
    result.answers[status] = (result.answers[status] ?? 0) + 1;
    return status;
  };
  const untilDone = async (act: () => Promise<number>, done: number) => {
    while (note(await act()) !== done) await delay(100);
  };
  const setPaid = async (number: number, isPaid: boolean) => {
    const [row] = await ask<{ id: number }>(database, `select id from "User" where email = $1`, [person(number).email]);
    await untilDone(() => visitor.setPaid(token, row?.id ?? 0, isPaid), 200);
    result.payments++;
  };
  const visit = async (waiting: number[]) => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const own = person(number);
      await untilDone(() => visitor.tryToRegister(own), 302);
      registered++;
      // At once: the deal may not be there yet.
      if (isPaying(number)) await setPaid(number, true);
      if (isTakenBack(number)) await setPaid(number, false);
    }
  };
  const supervise = async () => {
    while (!isOver) {
      result.ended += (await fleet.revive().catch(() => [])).length;
      await delay(500);
    }
  };
  const kill = async () => {
    for (let turn = 0; turn < options.kills; turn++) {
      while (registered < (count * (turn + 0.5)) / options.kills) await delay(20);
      const victim = victims[((round - 1) * options.kills + turn) % victims.length] as string;
      if (victim === "connections") await cutConnections(database);
      else if (victim === "PostgreSQL") await killBackend(database);
      else await fleet.killOne(turns.indexOf(victim)).catch(() => {});
      result.kills[victim] = (result.kills[victim] ?? 0) + 1;
    }
  };
  const manage = async () => {
    const waiting = new Set(numbers.filter(isMoved));
    while (waiting.size > 0) {
      await delay(200);
      const rows = await ask<{ email: string; dealId: number }>(
        database,
        `select email, "bitrix24DealId" as "dealId" from "User" where "crmState" = 'SYNCED' and email = any($1)`,
        [[...waiting].map((number) => person(number).email)],
      );
      const dealIds = new Map(rows.map(({ email, dealId }) => [email, dealId]));
      for (const number of waiting) {
        const dealId = dealIds.get(person(number).email);
        if (dealId === undefined) continue;
        waiting.delete(number);
        for (const stageId of walkOf(number)) {
          server.portal.staff.moveDeal(dealId, stageId);
          result.moves++;
          await delay(5);
        }
      }
    }
  };

  const supervising = supervise();
  const queue = [...numbers];
  await Promise.all([manage(), kill(), ...Array.from({ length: visitors }, () => visit(queue))]);
  await untilQuiet(installation);
  await server.portal.settled();
  await reconcile(installation);
  isOver = true;
  await supervising;
  visitor.leave();

  const after = installation.strikes();
  result.faults = Object.fromEntries(Object.entries(after).map(([kind, times]) => [kind, times - (before[kind] ?? 0)]));
  await compare(installation, from + count - 1, result);
  result.seconds = Math.round((performance.now() - started) / 1_000);
  return result;
}

/** Compares everybody of this installation: the database with the portal, and both with what was done. */
async function compare({ database, server: { portal } }: SoakInstallation, last: number, result: RoundResult) {
  const rows = await ask<{ email: string; isPaid: boolean; dealId: number | null }>(
    database,
    `select email, "isPaid", "bitrix24DealId" as "dealId" from "User" where role = 'USER'`,
  );
  const users = new Map(rows.map((row) => [row.email, row]));
  const numbers = Array.from({ length: rows.length }, (_, index) => last - index);
  const asked: NewPerson[] = numbers.map(person);
  const { whole, twice } = countOutcome(portal, asked);
  result.found = {
    people: asked.length,
    users: asked.filter(({ email }) => users.has(email)).length,
    contacts: portal.contacts.size,
    deals: portal.deals.size,
    rows: [...portal.rows.values()].reduce((sum, list) => sum + list.length, 0),
  };
  result.lost = asked.length - whole + result.registrations - Math.min(result.registrations, rows.length);
  result.twice = twice;
  for (const number of numbers) {
    const user = users.get(person(number).email);
    const stage = portal.deals.get(user?.dealId ?? 0)?.stageId;
    if (!user || user.isPaid !== (stage === "WON")) result.disagree++;
    if (user?.isPaid !== paidInTheEnd(number)) result.wrong++;
  }
}
