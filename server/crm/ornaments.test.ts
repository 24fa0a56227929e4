import { expect, test } from "vitest";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, type CrmOptions, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

/** Refusals of optional details, which must not fail the registration. */

const start = async (portal: CrmOptions["portal"]) => {
  return startCrm({ portal: { limits: { bucket: 0 }, ...portal } });
};

const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
const records = async (crm: CrmHarness, id: number) => {
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, id);
  return { contact: crm.portal.contacts.get(bitrix24ContactId ?? 0), deal: crm.portal.deals.get(bitrix24DealId ?? 0) };
};
const values = (fm: unknown) => (fm as { value: string }[]).map(({ value }) => value);
const costsNothing = async (crm: CrmHarness) => {
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  expect(await alertMails(crm)).toEqual([]);
};
const leftOut = ({ lines }: CrmHarness, userId: number) =>
  lines
    .filter((line) => line.userId === userId && String(line.msg).startsWith("text was left out"))
    .map(({ field }) => field);

test.each([
  ["a first name", { firstName: "Анна 🌸 Роза" }, { name: "Анна Роза" }],
  ["a last name", { lastName: "Каренина👩‍🚀" }, { lastName: "Каренина" }],
  [
    "a campaign's name",
    { utm: { utm_campaign: "Осень 🍂", utm_source: "vk" } },
    { utmCampaign: "Осень", utmSource: "vk" },
  ],
  ["a first name of nothing else", { firstName: "🎉", email: "party@example.com" }, { name: "party@example.com" }],
])("an emoji in %s keeps nobody out of a CRM whose database cannot keep it", async (_name, person, kept) => {
  const crm = await start({ preset: "three-byte-box" });
  const id = await crm.register(person);
  const others = [await crm.register(), await crm.register()];
  crm.newWorker().start();
  await allSynced(crm);
  expect((await records(crm, id)).contact).toMatchObject(kept);
  expect(crm.portal.contacts.size).toBe(3);
  expect(crm.portal.deals.size).toBe(3);
  for (const other of others) expect((await userOf(crm, other)).crmLeftOut).toEqual([]);
  expect(leftOut(crm, id)).toContain("emoji");
  await costsNothing(crm);
});

test("an emoji in a field of several texts keeps nobody out either, and what is nothing else is left out", async () => {
  const many = (name: string) => ({ name, type: "string" as const, multiple: true, title: name });
  const crm = await startCrm({
    portal: {
      limits: { bucket: 0 },
      preset: "three-byte-box",
      userFields: { contact: [many("UF_CRM_NAMES")], deal: [many("UF_CRM_CAMPAIGNS")] },
    },
    env: { BITRIX24_MARK_FIELDS: "lastName=contact.UF_CRM_NAMES, utm_campaign=deal.UF_CRM_CAMPAIGNS" },
  });
  const id = await crm.register({ lastName: "Каренина 🌸", utm: { utm_campaign: "🍂" } });
  crm.newWorker().start();
  await allSynced(crm);
  const { contact, deal } = await records(crm, id);
  expect(contact).toMatchObject({ ufCrmNames: ["Каренина"] });
  expect((deal as { ufCrmCampaigns?: unknown }).ufCrmCampaigns ?? []).toEqual([]);
  await costsNothing(crm);
});

test("one person alone with an emoji arrives there as well, and so does a company's in the deal's comment", async () => {
  const crm = await start({ preset: "three-byte-box" });
  const id = await crm.register({ firstName: "Анна" });
  await crm.services.db.user.update({ where: { id }, data: { company: "Ромашка 🌼" } });
  crm.newWorker().start();
  await allSynced(crm);
  expect((await records(crm, id)).deal?.comments).toBe("Компания: Ромашка");
  await costsNothing(crm);
});

test.each([
  ["a person's name", "{product}: {name}", { firstName: "Анна 🌸" }, null, /: Анна Фамилия\d+$/],
  ["a company", "{firstName}, {company}", { firstName: "Анна" }, "Ромашка 🌼", /^Анна, Ромашка$/],
  [
    "a campaign",
    "{firstName}, {utm_campaign}",
    { firstName: "Анна", utm: { utm_campaign: "Осень 🍂" } },
    null,
    /^Анна, Осень$/,
  ],
  ["the template itself", "🎓 {firstName}", { firstName: "Анна" }, null, /^Анна$/],
])(
  "an emoji in a deal's title, out of %s, keeps no deal out of such a CRM",
  async (_name, title, person, company, kept) => {
    const crm = await startCrm({
      portal: { limits: { bucket: 0 }, preset: "three-byte-box" },
      env: { BITRIX24_DEAL_TITLE: title },
    });
    const id = await crm.register(person);
    await crm.services.db.user.update({ where: { id }, data: { company } });
    crm.newWorker().start();
    await allSynced(crm);
    expect((await records(crm, id)).deal?.title).toMatch(kept);
    expect(crm.portal.deals.size).toBe(1);
    expect((await userOf(crm, id)).crmLeftOut).toContain("emoji");
    await costsNothing(crm);
  },
);

test("a campaign with an emoji, through which everybody comes, stops nobody, and is soon left out at once", async () => {
  const crm = await start({ preset: "three-byte-box" });
  crm.newWorker().start();
  for (let count = 0; count < 8; count++) await crm.register({ utm: { utm_campaign: `🍁${count}` } });
  await allSynced(crm);
  await costsNothing(crm);
  const asked = crm.portal.calls.filter(({ method }) => method === "crm.item.add").length;
  for (let count = 0; count < 20; count++) await crm.register({ utm: { utm_campaign: `🍁${count}` } });
  await allSynced(crm);
  expect(crm.portal.calls.filter(({ method }) => method === "crm.item.add").length - asked).toBe(40);
  expect(crm.portal.contacts.size).toBe(28);
});

test("a CRM that keeps emoji is sent them", async () => {
  const crm = await start({});
  const id = await crm.register({ firstName: "Анна 🌸" });
  crm.newWorker().start();
  await allSynced(crm);
  expect((await records(crm, id)).contact).toMatchObject({ name: "Анна 🌸" });
});

test.each([["en"], ["ru"]] as const)(
  "an e-mail that the CRM (%s) takes for none stands in the deal's comment",
  async (language) => {
    const crm = await start({ preset: "ordinary", language });
    const email = "анна@почта.рф";
    const id = await crm.register({ email, phone: "+79991110000" });
    const other = await crm.register({ email: "o'neil@example.com" });
    crm.newWorker().start();
    await allSynced(crm);
    const { contact, deal } = await records(crm, id);
    expect(values(contact?.fm)).toEqual(["+79991110000"]);
    expect(deal?.comments).toBe(`Поля CRM это не приняли:\nЭлектронная почта: ${email}`);
    expect(values((await records(crm, other)).contact?.fm)).toContain("o'neil@example.com");
    expect(crm.portal.contacts.size).toBe(2);
    expect(leftOut(crm, id)).toEqual(["EMAIL"]);
    await costsNothing(crm);
  },
);

test.each([
  ["a phone", "crm.item.add", "+79991110000", "Phone", "Телефон: +79991110000"],
  ["a campaign's source", "crm.item.add", "odd-source", "UTM_SOURCE", "utm_source: odd-source"],
] as const)(
  "%s that the CRM refuses by its field's name stands in the deal's comment",
  async (_name, method, value, field, line) => {
    const crm = await start({});
    crm.portal.fail({
      kind: "command",
      method,
      // The comment may contain it.
      match: ({ params }) => String(params.entityTypeId) === "3" && JSON.stringify(params).includes(value),
      code: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
      text: `Invalid value for the "${field}" field`,
    });
    const id = await crm.register({ phone: "+79991110000", utm: { utm_source: "odd-source" } });
    const others = [await crm.register(), await crm.register()];
    crm.newWorker().start();
    await allSynced(crm);
    expect((await records(crm, id)).deal?.comments).toContain(line);
    for (const other of others) expect((await records(crm, other)).deal?.comments).toBe("");
    await costsNothing(crm);
  },
);

test("a contact without both, whose answer was lost, is found by its mark and not made again", async () => {
  const crm = await start({});
  const id = await crm.register({ email: "a@example.com", phone: "+79991110000" });
  await crm.services.db.user.update({ where: { id }, data: { crmLeftOut: ["EMAIL", "PHONE"] } });
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", times: 1 });
  crm.newWorker().start();
  await allSynced(crm);
  expect(crm.portal.contacts.size).toBe(1);
  const { contact, deal } = await records(crm, id);
  expect(contact?.fm).toEqual([]);
  expect(deal?.comments).toContain("Электронная почта: a@example.com\nТелефон: +79991110000");
});
