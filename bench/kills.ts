import { setTimeout as delay } from "node:timers/promises";
import { planMixedFaults } from "../e2e/portal/mixed-faults";
import { startPortal } from "../e2e/portal/server";
import { freePort } from "../server/database/embedded/free-port";
import { syncTheUsualWay } from "./baseline";
import type { Bench, BenchDatabase } from "./bench";
import { Fleet } from "./fleet";
import { type GivenFields, loadForm, postForm } from "./form";
import type { BenchLine } from "./line";
import { countOutcome, type NewPerson, pending, people } from "./people";
import { impatient } from "./product";

const registrations = 2_000;
const kills = 20;
/** Longer than PostgreSQL waits for a silent holder of the leader lock. */
const freezeMs = 20_000;
const visitors = 8;
const patienceMs = 15 * 60_000;

const badDay = { share: 0.1, timeoutMs: 1_000, quarantineMs: 1_500 };

/**
 * People register through the form while the portal fails in every way, and processes of the product are killed: two
 * workers that compete, and the web server. Two of them are frozen as well, for longer than the leader lock lasts.
 */
export async function benchKills(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const { portal, webhookUrl, close } = await startPortal({ limits: { bucket: 0, operatingSeconds: 0 }, seed: 20 });
  planMixedFaults(portal, badDay);
  const fleet = await Fleet.start({ databaseUrl: database.url, webhookUrl, port: await freePort(), env: impatient });
  const asked = people(registrations);

  const registering = registerAll(fleet.site, asked);
  const killed = await disturb(fleet, database);
  await registering;
  await arrived(database);
  await fleet.stop();

  const { whole, twice } = countOutcome(portal, asked);
  const rows = [...portal.rows.values()].reduce((sum, list) => sum + list.length, 0);
  const counts = [portal.contacts.size, portal.deals.size, rows];
  const users = await database.db.user.count();
  const whose = Object.entries(killed).map(([name, count]) => `${name} ${count}×`);
  await close();
  await database.drop();
  return [
    {
      name: `2,000 registrations, 10 % faults, ${kills} kills (${whose.join(", ")}), 2 workers frozen`,
      value: `${counts.join(" / ")} (${registrations - whole} lost, ${twice} twice)`,
      must: "2000 / 2000 / 2000, 0 lost, 0 twice",
      ok: users === registrations && whole === registrations && counts.every((count) => count === registrations),
    },
    await compareFaults(bench),
  ];
}

/** A visitor who gets no answer sends the form again; that the address is taken tells them that it had worked. */
async function registerAll(site: string, asked: NewPerson[]): Promise<void> {
  let fields: GivenFields | undefined;
  const waiting = [...asked];
  const visit = async () => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      let status = 0;
      while (status !== 302 && status !== 409) {
        try {
          fields ??= await loadForm(site);
          status = await postForm(site, fields, person);
        } catch {
          await delay(100);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: visitors }, visit));
}

/** Kills spread over the whole run, by how many have arrived; half way the workers are frozen in turn. */
async function disturb(fleet: Fleet, { db }: BenchDatabase): Promise<Record<string, number>> {
  const killed: Record<string, number> = {};
  for (let kill = 0; kill < kills; kill++) {
    const due = (registrations * (kill + 0.5)) / kills;
    await until(async () => (await db.user.count({ where: { crmState: "SYNCED" } })) >= due);
    if (kill === kills / 2) await fleet.freezeWorkers(freezeMs);
    const name = await fleet.killOne(kill);
    killed[name] = (killed[name] ?? 0) + 1;
  }
  return killed;
}

const arrived = (database: BenchDatabase) => until(async () => (await pending(database)) === 0);

/** Gives up after a quarter of an hour, so that a loss shows as one. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds()) && Date.now() < end) await delay(50);
}

/** 300 people, the same faults, no process killed; and the usual way beside it. */
async function compareFaults(bench: Bench): Promise<BenchLine> {
  const asked = people(300);
  const usual = await startPortal({ limits: { bucket: 0, operatingSeconds: 0 }, seed: 21 });
  planMixedFaults(usual.portal, badDay);
  const waiting = [...asked];
  const register = async () => {
    for (let person = waiting.shift(); person; person = waiting.shift())
      await syncTheUsualWay({ webhookUrl: usual.webhookUrl, timeoutMs: 1_000 }, person);
  };
  await Promise.all(Array.from({ length: visitors }, register));
  const theirs = countOutcome(usual.portal, asked);
  await usual.close();

  const database = await bench.createDatabase();
  const own = await startPortal({ limits: { bucket: 0, operatingSeconds: 0 }, seed: 21 });
  planMixedFaults(own.portal, badDay);
  const fleet = await Fleet.start({
    databaseUrl: database.url,
    webhookUrl: own.webhookUrl,
    port: await freePort(),
    env: impatient,
  });
  await registerAll(fleet.site, asked);
  await arrived(database);
  await fleet.stop();
  const ours = countOutcome(own.portal, asked);
  await own.close();
  await database.drop();
  return {
    name: "300 registrations, 10 % faults: whole on the portal",
    value: `${ours.whole} of 300 (${ours.twice} twice)`,
    must: "300, 0 twice",
    ok: ours.whole === 300 && ours.twice === 0,
    usual: `${theirs.whole} of 300`,
  };
}
