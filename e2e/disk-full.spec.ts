import { createDb, createPool } from "../server/database/db";
import { createLog } from "../server/platform/log";
import { moveToSmallDisk, type SmallDisk } from "../server/test/small-disk";
import { test as base, expect, perWorker, serverAway } from "./fixtures";
import { registerOnce } from "./fleet/visitors";
import { fillRegistration, newPerson, type Person, sendRegistration } from "./people";
import { type Stack, startStack } from "./stack";

// PostgreSQL really runs out of space where the machine lets the test mount a disk of a few megabytes.

const test = base.extend<object, { limited: { stack: Stack; disk: SmallDisk }; disk: SmallDisk }>({
  limited: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const stack = await startStack(`disk-full-${workerIndex}`);
      const disk = await moveToSmallDisk(stack.db);
      await use({ stack, disk });
      await stack.stop();
      const pool = createPool(JSON.parse(process.env.E2E_TEMPLATE ?? "").url, createLog("silent"), 1);
      const maintenance = createDb(pool);
      await disk.remove(maintenance);
      await maintenance.$disconnect();
      await pool.end();
    },
    perWorker,
  ],
  stack: [({ limited }, use) => use(limited.stack), { scope: "worker" }],
  disk: [({ limited }, use) => use(limited.disk), { scope: "worker" }],
});

test.use({ expectedProblems: [new RegExp(`${serverAway.source}|status of 503`)] });

test(
  "a disk that fills up while people register loses nobody: what they typed is kept, and all arrive once there is room",
  { tag: ["@stack", "@desktop"] },
  async ({ page, stack, disk }, info) => {
    const { db, portal } = stack;
    info.annotations.push({ type: "disk", description: disk.real ? "really full" : "PostgreSQL's error 53100 raised" });
    const port = Number(new URL(stack.baseURL).port);
    const person = newPerson();
    await page.goto("/register");
    await fillRegistration(page, person);

    // PostgreSQL would give the room of rows that the worker has replaced to the next person.
    const pause = (pausedBy: string | null) => db.crmPortal.update({ where: { id: 1 }, data: { pausedBy } });
    await pause("admin");
    await disk.fill();
    // The last pages that PostgreSQL has already are filled first.
    const accepted: Person[] = [];
    const refused: Person[] = [];
    while (refused.length < 3) {
      const next = newPerson();
      const [form, answer] = await registerOnce(port, next);
      expect(form).toBe(200);
      expect([302, 503]).toContain(answer);
      (answer === 302 ? accepted : refused).push(next);
    }
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await sendRegistration(page);
    const answer = await answered;
    expect([answer.status(), answer.headers()["retry-after"]]).toEqual([503, "5"]);
    await expect(page.getByText("What you typed is kept")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue(person.email);
    // What needs no room goes on, and nothing of those who were refused is half there.
    expect((await page.request.get("/register")).status()).toBe(200);
    expect((await page.request.get("/healthz")).status()).toBe(200);
    const emails = [...refused, person].map(({ email }) => email);
    expect(await db.user.count({ where: { email: { in: emails } } })).toBe(0);

    // The worker meets the full disk as well, in the middle of those who were accepted.
    const { requests } = portal;
    await pause(null);
    await expect.poll(() => portal.requests).toBeGreaterThan(requests);
    await disk.makeRoom();
    await page.getByLabel("Password").fill(person.password);
    await sendRegistration(page);
    await expect(page).toHaveURL("/account");
    for (const again of refused) expect(await registerOnce(port, again)).toEqual([200, 302]);
    const all = [...accepted, ...refused, person];
    const arrived = () =>
      db.user.count({ where: { email: { in: all.map(({ email }) => email) }, crmState: "SYNCED" } });
    await expect.poll(arrived).toBe(all.length);
    const users = await db.user.findMany({ where: { email: { in: all.map(({ email }) => email) } } });
    for (const { id } of users) {
      const deals = [...portal.deals.values()].filter(({ originId }) => originId === `user-${id}`);
      expect(deals, `user ${id}`).toHaveLength(1);
    }
  },
);
