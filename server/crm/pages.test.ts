import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { readPortalState } from "../queue/circuit-breaker";
import { reasonOf } from "../queue/reasons";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";

const start = (env: Record<string, string> = {}): Promise<CrmHarness> =>
  startCrm({ env: { BITRIX24_SETTLE_MS: "1", ...env } });

const paused = (crm: CrmHarness, code: string) =>
  expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe(code);
const burnt = ({ services }: CrmHarness) => services.db.user.count({ where: { crmAttempts: { gt: 0 } } });
const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

const pages: [name: string, fault: FaultRule, code: string, words: string, todo: string][] = [
  ["a firewall's", { kind: "firewall" }, "HTTP_403", "forbids the request", "firewall"],
  ["a wrong path's", { kind: "wrongPath" }, "HTTP_404", "not Bitrix24's REST", "BITRIX24_WEBHOOK_URL"],
  ["a proxy's that wants a password", { kind: "html", status: 401 }, "HTTP_401", "forbids the request", "proxy"],
  ["a sleeping portal's, with 200", { kind: "asleep", status: 200 }, "BAD_ANSWER", "could not be read", "browser"],
  ["a sleeping portal's, with 503", { kind: "asleep" }, "HTTP_503", "the portal is asleep", "browser"],
  ["any, with 200", { kind: "html" }, "BAD_ANSWER", "could not be read", "proxy"],
  ["a proxy's that cannot reach the portal", { kind: "502" }, "HTTP_502", "internal error", "support"],
];

/** The pause is told once, and so is its end. */
const onceAndOver = [expect.stringContaining("paused"), expect.stringContaining("sent again")];

test.each(pages)(
  "a page in place of the portal, %s: told once in true words, no attempt lost, and all follow by themselves",
  async (_name, fault, code, words, todo) => {
    const crm = await start();
    crm.portal.fail(fault);
    await crm.registerMany(8);
    crm.newWorker().start();
    await paused(crm, code);
    await expect.poll(async () => (await alertMails(crm)).length).toBe(1);
    expect(crm.mails[0]?.text).toContain(words);
    expect(crm.mails[0]?.text).toContain(todo);
    expect(await burnt(crm)).toBe(0);
    // The pages of the tried users show the same.
    const tried = await crm.services.db.user.findFirstOrThrow({ where: { crmError: { not: null } } });
    expect(tried.crmError).toBe(code);
    expect(reasonOf("en", { code, reach: "one" }).what).not.toContain("this registration");

    crm.portal.clearFaults();
    await allSynced(crm);
    expect((await readPortalState(crm.services)).pausedBy).toBeNull();
    expect(await findFaults(crm)).toEqual([]);
    expect(await burnt(crm)).toBe(0);
    await expect.poll(async () => (await alertMails(crm)).map(({ subject }) => subject)).toEqual(onceAndOver);
  },
);

test("a firewall that dislikes every registration and lets questions pass is everybody's cause as well", async () => {
  const crm = await start();
  await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  crm.portal.fail({ kind: "firewall", method: "crm.item.add" });
  await crm.registerMany(6);
  await paused(crm, "HTTP_403");
  await expect.poll(async () => (await alertMails(crm)).length).toBe(1);
  expect(await burnt(crm)).toBe(0);
  crm.portal.clearFaults();
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
  await expect.poll(async () => (await alertMails(crm)).map(({ subject }) => subject)).toEqual(onceAndOver);
});

test("a firewall that dislikes one registration stops nobody else", async () => {
  const crm = await start({ BITRIX24_RETRY_BASE_MS: "50", BITRIX24_RETRY_MAX_MS: "3600000" });
  for (const match of ["Poison", encodeURIComponent("Poison")]) crm.portal.fail({ kind: "firewall", match });
  const disliked = await crm.register({ firstName: "Poison" });
  crm.newWorker().start();
  for (let round = 0; round < 4; round++) {
    await crm.registerMany(3);
    await expect.poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(1);
  }
  expect((await crm.services.db.user.findUniqueOrThrow({ where: { id: disliked } })).crmState).toBe("PENDING");
  expect(await alertMails(crm)).toEqual([]);
});

test("a page that goes away within some rounds is told to nobody", async () => {
  const crm = await start();
  crm.portal.fail({ kind: "firewall", times: 3 });
  await crm.registerMany(3);
  crm.newWorker().start();
  await allSynced(crm);
  expect(await alertMails(crm)).toEqual([]);
});

const endless: [name: string, timeoutMs: number, answer: (response: ServerResponse) => void][] = [
  [
    "is a page and never ends",
    300,
    (response) => void response.writeHead(200, { "content-type": "text/html" }).write("<html>"),
  ],
  [
    "pours for ever",
    60_000,
    (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(1024 * 1024, "x");
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) {}
        if (!response.destroyed) response.once("drain", pour);
      };
      pour();
    },
  ],
];

test.each(endless)(
  "an answer that %s is told as one that cannot be read, and fills no memory",
  async (_name, timeoutMs, answer) => {
    const server = createServer((request, response) => {
      request.resume();
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const crm = await start({
      BITRIX24_TIMEOUT_MS: String(timeoutMs),
      BITRIX24_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rest/1/key/`,
    });
    await crm.registerMany(2);
    crm.newWorker().start();
    await paused(crm, "BAD_ANSWER");
    await expect.poll(async () => (await alertMails(crm)).length).toBe(1);
    expect(await burnt(crm)).toBe(0);
  },
);
