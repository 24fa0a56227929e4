import { afterAll, expect, test } from "vitest";
import { callPortal } from "./call-portal";
import type { FaultRule } from "./faults";
import { createPortal } from "./portal";
import { startPortal } from "./server";

const server = await startPortal({ limits: { bucket: 0 } });
afterAll(() => server.close());

/**
 * Makes a contact of this name over a real socket; the fault applies to this name alone. A client without patience gives
 * up as soon as the portal has its request: one that gave up earlier would have asked for nothing.
 */
async function addUnder(fault: Omit<FaultRule, "match">, name: string, { isPatient = true } = {}) {
  const { portal, webhookUrl } = server;
  const undo = portal.fail({ ...fault, match: name });
  const before = portal.requests;
  const client = new AbortController();
  const request = fetch(`${webhookUrl}crm.item.add?entityTypeId=3&fields[name]=${name}`, {
    method: "POST",
    redirect: "manual",
    signal: client.signal,
  });
  const outcome = request.then(
    async (response) => ({ status: response.status, text: await response.text().catch(() => "broken off") }),
    (error: Error) => ({ status: 0, text: error.name === "AbortError" ? "given up" : "connection lost" }),
  );
  if (!isPatient) {
    await expect.poll(() => portal.requests).toBe(before + 1);
    client.abort();
  }
  const seen = await outcome;
  undo();
  return { ...seen, exists: () => [...portal.contacts.values()].some((contact) => contact.name === name) };
}

test("dropped after execution: the client sees a lost connection, and the contact is there", async () => {
  const outcome = await addUnder({ kind: "dropAfter" }, "DroppedAfter");
  expect(outcome.text).toBe("connection lost");
  expect(outcome.exists()).toBe(true);
});

test("dropped before execution: the client sees the same, and the contact is not there", async () => {
  const outcome = await addUnder({ kind: "dropBefore" }, "DroppedBefore");
  expect(outcome.text).toBe("connection lost");
  expect(outcome.exists()).toBe(false);
});

test("a hanging portal answers nothing and does nothing", async () => {
  const outcome = await addUnder({ kind: "hang" }, "Hanging", { isPatient: false });
  expect(outcome.text).toBe("given up");
  expect(outcome.exists()).toBe(false);
});

test("a late portal executes after the client has given up", async () => {
  const outcome = await addUnder({ kind: "late", afterMs: 1000 }, "Late", { isPatient: false });
  expect(outcome.text).toBe("given up");
  expect(outcome.exists()).toBe(false);
  await expect.poll(outcome.exists).toBe(true);
});

test("a slow portal answers in the end", async () => {
  const outcome = await addUnder({ kind: "slow", afterMs: 50 }, "Slow");
  expect(outcome).toMatchObject({ status: 200 });
  expect(outcome.exists()).toBe(true);
});

test("an answer cut in the middle breaks off while it is read, after execution", async () => {
  const outcome = await addUnder({ kind: "cutJson" }, "Cut");
  expect(outcome).toMatchObject({ status: 200, text: "broken off" });
  expect(outcome.exists()).toBe(true);
});

test.each([
  ["502", 502, false],
  ["502", 502, true],
  ["500html", 500, false],
  ["html", 200, true],
] as const)("HTML of kind %s with status %i, executed: %s", async (kind, status, executed) => {
  const outcome = await addUnder({ kind, executed }, `Html${kind}${executed}`);
  expect(outcome).toMatchObject({ status, text: expect.stringContaining("<html>") });
  expect(outcome.exists()).toBe(executed);
});

test("a fault that is to strike no times does not strike", async () => {
  expect(await addUnder({ kind: "500", times: 0 }, "Spared")).toMatchObject({ status: 200 });
});

test("a server error in JSON is not executed", async () => {
  const outcome = await addUnder({ kind: "500" }, "Json500");
  expect(outcome.status).toBe(500);
  expect(JSON.parse(outcome.text)).toMatchObject({ error: "INTERNAL_SERVER_ERROR" });
  expect(outcome.exists()).toBe(false);
});

test("a renamed portal points to its new name, where the same request works", async () => {
  const { portal, webhookUrl } = server;
  const undo = portal.fail({ kind: "redirect" });
  const first = await fetch(`${webhookUrl}profile`, { method: "POST", redirect: "manual" });
  expect(first.status).toBe(302);
  const location = first.headers.get("location") ?? "";
  expect(new URL(location).hostname).toBe("localhost");
  expect((await fetch(location, { method: "POST", redirect: "manual" })).status).toBe(200);
  undo();
});

test("a redirect can lead elsewhere", async () => {
  const { portal, webhookUrl } = server;
  portal.fail({ kind: "redirect", times: 1, location: "https://elsewhere.example" });
  const answer = await fetch(`${webhookUrl}profile`, { method: "POST", redirect: "manual" });
  expect(answer.headers.get("location")).toMatch(/^https:\/\/elsewhere\.example\/rest\/1\//);
});

test("faults of one seed strike at the same requests", async () => {
  const { portal, webhookUrl } = server;
  const run = async () => {
    portal.reset();
    portal.configure({ limits: { bucket: 0 } });
    portal.fail({ kind: "limit", probability: 0.5 });
    const statuses: number[] = [];
    for (let request = 0; request < 20; request++) statuses.push((await fetch(`${webhookUrl}profile`)).status);
    return statuses;
  };
  const first = await run();
  expect(new Set(first)).toEqual(new Set([200, 503]));
  expect(await run()).toEqual(first);
  portal.reset();
});

test("a fault strikes as often as it was told to, and only the method it names", async () => {
  const { portal, webhookUrl } = server;
  portal.fail({ kind: "500", method: "crm.currency.list", times: 2 });
  const statuses: number[] = [];
  for (const method of ["profile", "crm.currency.list", "crm.currency.list", "crm.currency.list"]) {
    statuses.push((await fetch(`${webhookUrl}${method}`)).status);
  }
  expect(statuses).toEqual([200, 500, 500, 200]);
  expect(portal.faults).toEqual([]);
});

test("a lost connection planned for a command takes the whole batch with it, after all of it ran", async () => {
  const { portal, webhookUrl } = server;
  portal.fail({ kind: "dropAfter", method: "crm.contact.add", times: 1 });
  const cmd = { a: "crm.contact.add?fields[NAME]=InBatchA", b: "crm.contact.add?fields[NAME]=InBatchB" };
  const headers = { "content-type": "application/json" };
  const lost = fetch(`${webhookUrl}batch`, { method: "POST", headers, body: JSON.stringify({ cmd }) });
  await expect(lost).rejects.toThrow("fetch failed");
  const names = [...portal.contacts.values()].map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["InBatchA", "InBatchB"]));
});

test("a fault that waits for a deal strikes once there is a new one, and contacts do not matter", async () => {
  const { portal, webhookUrl } = server;
  const ask = async () => (await fetch(`${webhookUrl}profile`)).status;
  portal.staff.addDeal({ title: "Before" });
  const undo = portal.fail({ kind: "502", once: "deal", times: 1 });
  portal.staff.addContact({ name: "Ann" });
  expect(await ask()).toBe(200);
  portal.staff.addDeal({ title: "After" });
  expect(await ask()).toBe(502);
  expect(await ask()).toBe(200);
  undo();
});

test.each(["deal", "contact", "lead", "company"] as const)(
  "a fault that waits for a new %s counts what is new, whatever was deleted before and numbered higher",
  async (once) => {
    const portal = createPortal({ companies: [{ id: 9000, title: "Old customer" }] });
    const { staff } = portal;
    const makers = {
      deal: () => staff.addDeal({ title: "T" }),
      contact: () => staff.addContact({ name: "Ann" }),
      lead: () => staff.addLead({ name: "Ann" }),
      company: () => staff.addCompany({ title: "T" }),
    };
    const removers = {
      deal: (id: number) => staff.deleteDeal(id),
      contact: (id: number) => staff.deleteContact(id),
      lead: (id: number) => staff.deleteLead(id),
      company: (id: number) => staff.deleteCompany(id),
    };
    makers[once]();
    const newest = makers[once]().id;
    portal.fail({ kind: "500", once, times: 1 });
    removers[once](newest);
    expect((await callPortal(portal, "profile")).status).toBe(200);
    makers[once]();
    removers[once](newest + 1);
    expect((await callPortal(portal, "profile")).status).toBe(500);
  },
);

test("a deal that the portal refused is not new", async () => {
  const portal = createPortal();
  portal.fail({ kind: "500", once: "deal", times: 1 });
  const fields = { title: "T", stageId: "NOWHERE" };
  expect((await callPortal(portal, "crm.item.add", { entityTypeId: 2, fields })).status).toBe(400);
  expect((await callPortal(portal, "profile")).status).toBe(200);
});

test("a fault that waits for a method strikes after the next call of it that was carried out", async () => {
  const { portal, webhookUrl } = server;
  const ask = async (method: string) => (await fetch(`${webhookUrl}${method}`)).status;
  await ask("crm.item.fields?entityTypeId=2");
  portal.fail({ kind: "502", method: "profile", once: "crm.item.fields" });
  expect(await ask("profile")).toBe(200);
  expect(await ask("crm.item.fields?entityTypeId=2")).toBe(200);
  expect(await ask("profile")).toBe(502);
  expect(await ask("crm.item.fields?entityTypeId=2")).toBe(200);
  portal.clearFaults();
  expect(await ask("profile")).toBe(200);
});

test("what was broken before stays so when all that came later is taken back", async () => {
  const portal = createPortal();
  portal.fail({ kind: "500", method: "profile" });
  const mend = portal.watchFaults();
  portal.fail({ kind: "500", method: "scope" });
  portal.fail({ kind: "500", method: "scope", times: 1 });
  expect((await callPortal(portal, "scope")).status).toBe(500);
  mend();
  expect((await callPortal(portal, "scope")).status).toBe(200);
  expect((await callPortal(portal, "profile")).status).toBe(500);
});
