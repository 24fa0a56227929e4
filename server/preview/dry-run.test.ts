import { expect, test } from "vitest";
import { saveSettings } from "../settings/change";
import { type CrmHarness, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { dryRun, tryDryRun } from "./dry-run";
import { draftEnv } from "./review";

let crm: CrmHarness;

const writes = () => crm.portal.calls.filter(({ method }) => /\.(add|set|update|delete)$/.test(method)).length;
const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

test("a dry run shows what the registration makes with changed settings, field by field, and writes nothing", async () => {
  crm = await startCrm();
  const utm = { utm_source: "vk", utm_term: "$result[c0]", gclid: "Cj0K" };
  const id = await crm.register({ firstName: "Ольга", lastName: "O'Neil", utm });
  const texts = { dealTitle: "{name} / {utm_source}", source: "CALL", responsible: "3" };
  const env = draftEnv(crm.services, texts);
  const run = await dryRun(crm.services, { env, who: String(id) });
  expect([run?.userId, run?.name, writes()]).toEqual([id, "Ольга O'Neil", 0]);
  expect(await crm.services.db.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
    crmState: "PENDING",
    crmInFlightUntil: null,
    crmAssignedById: null,
  });
  // The same settings for real.
  await saveSettings(crm.services, { actor: admin, texts, seen: 0 });
  crm.newWorker().start();
  await synced(id);
  const user = await crm.services.db.user.findUniqueOrThrow({ where: { id } });
  const deal = crm.portal.deals.get(user.bitrix24DealId ?? 0) as unknown as Record<string, unknown>;
  expect(deal.title).toBe("Ольга O'Neil / vk");
  for (const { name, value } of run?.preview.deal ?? [])
    if (name !== "isManualOpportunity") expect(String(deal[name]), name).toBe(value);
  const [trace] = [...crm.portal.traces.values()];
  expect(trace?.trace).toEqual(JSON.parse(run?.preview.trace[0]?.value ?? ""));
  expect(run?.preview.trace[1]?.value).toBe("CONTACT, DEAL");
  expect(run?.preview.linkedContact).toBeNull();
});

test("a contact that was there before is shown as linked, with what differs in the deal's comment, also by e-mail", async () => {
  crm = await startCrm();
  const known = crm.portal.staff.addContact(
    { name: "Anna", lastName: "Other" },
    { emails: ["anna@example.com"], phones: ["+79990001122"] },
  );
  const id = await crm.register({ email: "anna@example.com", utm: { utm_source: "vk" } });
  const run = await dryRun(crm.services, { env: crm.services.env, who: " ANNA@example.com " });
  expect(run).toMatchObject({ userId: id, preview: { linkedContact: known.id, contact: [] } });
  expect(run?.preview.deal.find(({ name }) => name === "comments")?.value).toBeTruthy();
  expect(run?.preview.trace[1]?.value).toBe("DEAL");
  expect(writes()).toBe(0);
  crm.newWorker().start();
  await synced(id);
  const user = await crm.services.db.user.findUniqueOrThrow({ where: { id } });
  expect(crm.portal.deals.get(user.bitrix24DealId ?? 0)?.comments).toBe(
    run?.preview.deal.find(({ name }) => name === "comments")?.value,
  );
  // The person's own contact, once it is made, is shown as a new one again.
  const again = await crm.register({ utm: { utm_source: "vk" } });
  await synced(again);
  const own = await dryRun(crm.services, { env: crm.services.env, who: String(again) });
  expect(own?.preview.linkedContact).toBeNull();
  expect(own?.preview.contact.length).toBeGreaterThan(0);
});

test("a person is known by number and e-mail as pages and mail programs show them", async () => {
  crm = await startCrm();
  const anna = await crm.register({ email: "anna@example.com" });
  const ivan = await crm.register({ email: "ivan@xn--80a1acny.xn--p1ai" });
  for (const [who, id] of [
    [`№ ${anna}`, anna],
    [`${anna}\u200b`, anna],
    ['"Anna" <anna@example.com>', anna],
    ["anna@example.com\u200b", anna],
    ["ivan@почта.рф", ivan],
    ["IVAN@xn--80a1acny.xn--p1ai", ivan],
  ] as const)
    expect([who, (await dryRun(crm.services, { env: crm.services.env, who }))?.userId]).toEqual([who, id]);
});

test("nobody and a silent portal are told apart from an error", async () => {
  crm = await startCrm();
  expect(await tryDryRun(crm.services, crm.services.env, "999999")).toBeNull();
  expect(await tryDryRun(crm.services, crm.services.env, "nobody@example.com")).toBeNull();
  const id = await crm.register();
  crm.portal.fail({ kind: "502" });
  expect(await tryDryRun(crm.services, crm.services.env, String(id))).toBeNull();
});
