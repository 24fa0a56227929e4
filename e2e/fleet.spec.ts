import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { cutAnswer, perWorker } from "./fixtures";
import { type Fleet, metricsToken, startFleet } from "./fleet/fleet";
import { writeNextRelease } from "./fleet/next-release";
import { assetsOf, registerMany, registerOnce, send } from "./fleet/visitors";
import { newPerson, type Person } from "./people";

// Three web processes and two workers on one PostgreSQL, behind nginx. `npm run fleet -- 500` does it with more people.

const people = Number(process.env.FLEET_PEOPLE ?? 20);

// One fleet for the file.
base.describe.configure({ mode: "default" });

const test = base.extend<object, { fleet: Fleet }>({
  fleet: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use) => {
      const fleet = await startFleet();
      await use(fleet);
      await fleet.stop();
    },
    perWorker,
  ],
});

/** Of each person, how much of them the portal has. */
async function arrived({ db, portal }: Fleet, asked: Person[]) {
  const rows = await db.user.findMany({ where: { email: { in: asked.map(({ email }) => email) } } });
  return rows.map(({ id, crmState }) => {
    const isTheirs = ({ originId }: { originId: string }) => originId === `user-${id}`;
    const deals = [...portal.deals.values()].filter(isTheirs);
    const contacts = [...portal.contacts.values()].filter(isTheirs);
    return [crmState, contacts.length, deals.length, deals.flatMap((deal) => portal.rows.get(deal.id) ?? []).length];
  });
}

const each = (asked: Person[]) => asked.map(() => ["SYNCED", 1, 1, 1]);

/** What a process says of registrations that have arrived. */
async function countedBy(port: number): Promise<number> {
  const { body } = await send(port, "/metrics", { authorization: `Bearer ${metricsToken}` });
  return Number(/^crm_synced_last_10_minutes (\d+)$/m.exec(body)?.[1]);
}

test("each process of a fleet is killed in turn under load: nobody is lost, nobody comes twice", {
  tag: ["@stack", "@desktop"],
}, async ({ fleet }) => {
  const { db, nginx, nodes } = fleet;
  // Each migration was applied once, though all five have started at the same moment on an empty database.
  const migrations = await db.$queryRaw<{ name: string; count: number }[]>`
    select migration_name as name, count(*)::int as count from "_prisma_migrations" group by 1`;
  expect(migrations.length).toBeGreaterThan(10);
  expect(migrations.filter(({ count }) => count !== 1)).toEqual([]);

  const load = registerMany(people, async (person) => {
    // Like a person whose page failed: again, until the site has the registration. 409: it had it already.
    const registered = async () => [302, 409].includes((await registerOnce(nginx.port, person))[1]);
    await expect.poll(registered, { intervals: [100] }).toBe(true);
  });
  for (const [turn, node] of nodes.entries()) {
    await expect.poll(() => load.done, { intervals: [20] }).toBeGreaterThanOrEqual((people / nodes.length) * turn);
    await node.process.kill();
    await fleet.start(node);
  }
  await load.all;
  await expect.poll(() => arrived(fleet, load.people)).toEqual(each(load.people));
  expect(fleet.portal.deals.size).toBe(await db.user.count());

  // Whichever process is asked tells the same, and of the attempts of one address all of them let pass one share.
  const web = nodes.filter(({ role }) => role === "web");
  for (const { port } of web)
    expect(await countedBy(port)).toBe(await db.user.count({ where: { crmState: "SYNCED" } }));
  const wrong = new URLSearchParams({ email: load.people[0]?.email ?? "", password: "a wrong password" });
  const statuses: number[] = [];
  for (const { port } of [...web, ...web])
    statuses.push((await send(port, "/login", { "x-forwarded-for": "198.51.100.7" }, wrong)).status);
  expect(statuses.filter((status) => status !== 429)).toHaveLength(3);
  expect(statuses.slice(3)).toEqual([429, 429, 429]);
});

test("a fleet is restarted one process after another under load without one failed request", {
  tag: ["@stack", "@desktop"],
}, async ({ fleet }) => {
  const { nginx, nodes } = fleet;
  const failed: unknown[] = [];
  let isOver = false;
  const asked: Person[] = [];
  const visit = async (person: Person) => {
    const statuses = await registerOnce(nginx.port, person);
    if (statuses.join() !== "200,302") failed.push(statuses);
  };
  // Others read meanwhile, until the last process is back.
  const reading = (async () => {
    while (!isOver) {
      const { status } = await send(nginx.port, "/healthz");
      if (status !== 200) failed.push(status);
    }
  })();
  for (const node of nodes) {
    const load = registerMany(Math.ceil(people / nodes.length), visit);
    asked.push(...load.people);
    if (node.role === "web") await nginx.leaveOut(node.port);
    node.process.terminate();
    expect(await node.process.ended).toEqual([0, null]);
    await fleet.start(node);
    if (node.role === "web") await nginx.leaveOut();
    await load.all;
  }
  isOver = true;
  await reading;
  expect(failed).toEqual([]);
  await expect.poll(() => arrived(fleet, asked)).toEqual(each(asked));
});

test("a fleet is brought to another release one process after another: no request fails, open pages of the old one work on", {
  tag: ["@stack", "@desktop"],
}, async ({ fleet, page }) => {
  const { db, nginx, nodes } = fleet;
  const folder = makeTestFolder();
  const release = join(folder, "build");
  const { migration } = writeNextRelease(release);
  const open = async () => (await send(nginx.port, "/register")).body;
  const before = await open();
  const failed: unknown[] = [];
  page.on("response", (answer) => answer.status() >= 400 && failed.push([answer.status(), answer.url()]));
  // A page of the old release loads itself again for the new one, perhaps in the middle of an answer.
  page.on("pageerror", (error) => cutAnswer.test(String(error)) || failed.push(String(error)));
  await page.goto(`http://127.0.0.1:${nginx.port}/register`);
  await page.waitForLoadState("networkidle");

  let isOver = false;
  // Visitors whose pages come from either release, and whose assets are asked of either.
  const reading = (async () => {
    for (const paths = assetsOf(before); !isOver; paths.push(...assetsOf(await open())))
      for (const path of new Set(paths.splice(0))) {
        const { status } = await send(nginx.port, path);
        if (status !== 200) failed.push([status, path]);
      }
  })();
  const asked: Person[] = [];
  for (const node of nodes) {
    const load = registerMany(Math.ceil(people / nodes.length), async (person) => {
      const statuses = await registerOnce(nginx.port, person);
      if (statuses.join() !== "200,302") failed.push(statuses);
    });
    asked.push(...load.people);
    if (node.role === "web") await nginx.leaveOut(node.port);
    node.process.terminate();
    expect(await node.process.ended).toEqual([0, null]);
    await fleet.start(node, release);
    if (node.role === "web") await nginx.leaveOut();
    await load.all;
  }
  isOver = true;
  await reading;

  const after = await open();
  expect(assetsOf(before).filter((path) => assetsOf(after).includes(path))).toEqual([]);
  const applied = await db.$queryRaw<object[]>`select 1 from "_prisma_migrations" where migration_name = ${migration}`;
  expect(applied).toHaveLength(1);
  // The page that was opened before the first restart: it is sent now, and goes on from there.
  const late = newPerson();
  await page.locator("[name=firstName]").fill(late.firstName);
  await page.locator("[name=lastName]").fill(late.lastName);
  await page.locator("[name=email]").fill(late.email);
  await page.locator("[name=phone]").fill(late.phone);
  await page.locator("[name=password]").fill(late.password);
  await page.locator("[name=consent]").check();
  await page.locator("form:has([name=consent]) [type=submit]").click();
  await page.waitForURL("**/account");
  await expect(page.locator("[data-crm-state=synced]")).toBeVisible();
  expect(failed).toEqual([]);
  await expect.poll(() => arrived(fleet, [...asked, late])).toEqual(each([...asked, late]));
  removeTestFolder(folder);
});
