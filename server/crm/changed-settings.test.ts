import { expect, test } from "vitest";
import { newestChange, saveSettings } from "../settings/change";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { admin } from "../test/factories";

let crm: CrmHarness;

const change = async (texts: Record<string, string>) =>
  saveSettings(crm.services, { actor: admin, texts, seen: await newestChange(crm.services) });

const synced = async (ids: number[]) =>
  expect.poll(() => crm.services.db.user.count({ where: { id: { in: ids }, crmState: "SYNCED" } })).toBe(ids.length);

const dealOf = (userId: number) => [...crm.portal.deals.values()].find(({ originId }) => originId === `user-${userId}`);

test("a changed title and responsible person are those of the next deal; earlier deals stay as they are", async () => {
  crm = await startCrm();
  crm.newWorker().start();
  const first = await crm.register({ firstName: "Анна", lastName: null, utm: { utm_source: "vk" } });
  await synced([first]);
  await change({ dealTitle: "{utm_source} / {firstName} / №{number}", responsible: "1" });
  const second = await crm.register({ firstName: "Пётр", utm: { utm_source: "vk" } });
  await synced([second]);
  expect(dealOf(first)?.title).toMatch(/^Анна — /);
  expect(dealOf(second)).toMatchObject({ title: `vk / Пётр / №${second}`, assignedById: 1 });
});

test("texts of visitors that advertise or hold markup reach no title, whatever its template", async () => {
  crm = await startCrm();
  await change({ dealTitle: "{firstName} {utm_campaign} {name} $ {number}" });
  crm.newWorker().start();
  const id = await crm.register({
    firstName: "buy at spam.com",
    lastName: "$result",
    utm: { utm_campaign: "[url=evil]x[/url]" },
  });
  await synced([id]);
  expect(dealOf(id)?.title).toBe(`$result $ ${id}`);
});

test("settings that change all the time while registrations arrive lose and double nothing", async () => {
  crm = await startCrm();
  crm.newWorker().start();
  const ids: number[] = [];
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n < 5; n++) ids.push(await crm.register());
    await change({
      dealTitle: round % 2 ? "{number} {name}" : "{name} — {product}",
      responsible: round % 3 ? "1" : "",
      keepOwner: round % 2 ? "off" : "on",
      paidStage: round % 2 ? "WON" : "",
    });
  }
  await synced(ids);
  expect(await findFaults(crm)).toEqual([]);
});
