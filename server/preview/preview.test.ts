import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv } from "../platform/env";
import { newestChange, plannedChanges, type SettingTexts, saveSettings } from "../settings/change";
import { setting, settingKeys } from "../settings/definitions";
import { viewSettings } from "../settings/view";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { admin, makeAdmin } from "../test/factories";
import { readChoices } from "./choices";
import { examplePerson, previewRegistration } from "./preview";
import { draftEnv, offeredChoices, reviewSettings } from "./review";
import { undoReviewed } from "./undo";

let crm: CrmHarness;
const none = parseEnv({});
/** Settings that stood before they are left blank. */
const filled: SettingTexts = { responsible: "3", price: "20", fields: "gclid=deal.additionalInfo", paidStage: "WON" };

beforeAll(async () => {
  crm = await createCrmHarness({
    // A busy machine must not look like a portal that is away.
    env: { BITRIX24_TIMEOUT_MS: "3000" },
    portal: {
      limits: { bucket: 0 },
      products: [
        { id: 1777, name: "Course", price: 49, currency: "USD", active: true },
        { id: 1800, name: "Workbook", price: 15, currency: "USD", active: true },
        { id: 1801, name: "In roubles", price: 900, currency: "RUB", active: true },
        { id: 1900, name: "Parent", price: 0, currency: "USD", active: true, kind: "parent" },
        { id: 1901, name: "Evenings", price: 60, currency: "USD", active: true, kind: "variation", parentId: 1900 },
      ],
    },
  });
  crm.newWorker().start();
});

afterAll(() => crm.close());

const review = async (group: "deal" | "fields" | "payment", texts: SettingTexts) =>
  reviewSettings(crm.services, { group, texts, changes: await plannedChanges(crm.services, texts), locale: "en" });

const save = async (texts: SettingTexts) =>
  saveSettings(crm.services, { actor: admin, texts, seen: await newestChange(crm.services) });

const dealOf = (userId: number) => [...crm.portal.deals.values()].find(({ originId }) => originId === `user-${userId}`);

const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

test("the portal's own lists are offered: funnels, stages, sources, employees and what can be sold", async () => {
  const choices = await readChoices(crm.services.bitrix24, [4]);
  expect(choices.funnels).toContainEqual({ id: 1, name: "Partners" });
  expect(choices.stages).toContainEqual(expect.objectContaining({ id: "C1:WON", funnel: 1, lost: false }));
  expect(choices.stages).toContainEqual(expect.objectContaining({ id: "LOSE", lost: true }));
  expect(choices.sources).toContainEqual({ id: "WEB", name: "Website" });
  expect(choices.employees).toContainEqual({ id: 2, name: "Maxim Manager", active: true });
  // Chosen before, and gone since.
  expect(choices.employees).toContainEqual({ id: 4, name: "Fyodor Former", active: false });
  expect(choices.products?.map(({ id }) => id).sort()).toEqual([1777, 1800, 1801, 1901]);
});

for (const [texts, problems] of [
  [{ product: "9999" }, { product: "The portal has no product 9999." }],
  [{ product: "1900" }, { product: "Product 1900 has variations: choose one of these." }],
  [{ product: "1801" }, { price: "Product 1801 has no price in US dollars on the portal: enter one here." }],
  [{ funnel: "7" }, { funnel: "The portal has no pipeline 7." }],
  [{ stage: "C1:NEW" }, { stage: "The stage C1:NEW belongs to another pipeline: choose both together." }],
  [{ stage: "NEWW" }, { stage: "The portal has no stage NEWW." }],
  [{ stage: "LOSE" }, { stage: "LOSE is a stage of lost deals." }],
  [{ source: "TV" }, { source: "The portal has no source TV." }],
  [{ responsible: "2, 77" }, { responsible: "The portal has no employee 77." }],
  [{ responsible: "4" }, { responsible: "Fyodor Former no longer works there." }],
] as [SettingTexts, SettingTexts][])
  test(`what the portal does not have is refused in words: ${JSON.stringify(texts)}`, async () => {
    expect(await review("deal", texts)).toMatchObject({ problems, preview: null });
  });

test("what the portal has is accepted, and a paid stage of another funnel is warned of", async () => {
  expect(await review("deal", { product: "1801", price: "12.50", funnel: "1", stage: "C1:NEW" })).toMatchObject({
    problems: {},
    warnings: [],
  });
  expect(await review("deal", { product: "1901" })).toMatchObject({ problems: {} });
  const paid = await review("payment", { paidStage: "C1:WON" });
  expect(paid.problems).toEqual({});
  expect(paid.warnings).toEqual([expect.stringContaining("another pipeline")]);
});

for (const group of ["deal", "fields", "payment"] as const)
  test(`a page on which everything is left blank has the defaults: ${group}`, async () => {
    const keys = settingKeys.filter((key) => setting(key).group === group);
    await save(Object.fromEntries(keys.map((key) => [key, filled[key] ?? ""])));
    const blank = Object.fromEntries(keys.map((key) => [key, " "]));
    expect(await review(group, blank)).toMatchObject({ problems: {}, preview: { deal: expect.anything() } });
    const draft = draftEnv(crm.services, blank);
    for (const key of keys) expect(draft[setting(key).env], key).toEqual(none[setting(key).env]);
    // Only the price changes; the list of responsible persons is sent blank, as the page does it.
    if (group === "deal") expect(await review(group, { ...blank, price: "5" })).toMatchObject({ problems: {} });
    await save(blank);
  });

test("the mails to people and managers are shown as they would be, and what keeps them back is told", async () => {
  const draft = async (texts: SettingTexts) => {
    const changes = await plannedChanges(crm.services, texts);
    return reviewSettings(crm.services, { group: "letters", texts, changes, locale: "en" });
  };
  const texts = { welcomeSubjectEn: "Hi {firstName}", managerMail: "on" };
  const { letters = [], warnings, preview } = await draft({ ...texts, welcomeTextEn: "№{number}\n\nSee {link}" });
  expect(preview).toBeNull();
  expect(letters.map(({ kind, locale, to }) => [kind, locale, to])).toEqual([
    ["welcome", "ru", "anna@example.com"],
    ["welcome", "en", "anna@example.com"],
    ["manager", "ru", ""],
    ["responsible", "ru", ""],
  ]);
  expect(letters[1]).toMatchObject({ subject: "Hi Anna" });
  expect(letters[1]?.text).toBe(`№1\n\nSee ${crm.services.env.APP_URL}/account`);
  expect(letters[2]?.text).toContain("Источник: yandex");
  expect(warnings).toEqual([expect.stringContaining("no address")]);
  const told = await draft({ managerMail: "on", managerEmails: "boss@example.com", managerLanguage: "en" });
  expect(told.warnings).toEqual([]);
  expect(told.letters?.[2]).toMatchObject({ to: "boss@example.com", subject: "New registration: Anna Smith" });
  const message = { responsibleMessage: "on", responsibleLanguage: "en", responsibleTextEn: "{name}: {deal}" };
  const noted = await draft(message);
  expect(noted.letters?.[3]?.text).toBe(`Anna Smith: ${crm.services.bitrix24.client.host}/crm/deal/details/1/`);
  expect(noted.warnings).toEqual([]);
  const { webhooks } = crm.portal.settings;
  crm.portal.configure({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm", "catalog"] }] });
  expect((await draft(message)).warnings).toEqual([expect.stringContaining("permission im")]);
  expect((await draft({ ...message, responsibleMessage: "off" })).warnings).toEqual([]);
  crm.portal.fail({ kind: "hang", times: 1 });
  expect((await draft(message)).warnings).toEqual([]);
  crm.portal.configure({ webhooks });
});

test("the preview of a draft is exactly what the next registration makes once it is saved", async () => {
  const texts = { dealTitle: "{product} / {name}", product: "1800", price: "20", source: "CALL", responsible: "3" };
  const { preview: before } = await review("deal", texts);
  expect(before?.row).toContainEqual(expect.objectContaining({ name: "productId", value: "1800" }));
  await save(texts);
  const utm = { utm_source: "vk", utm_campaign: "$result[deal] {name}" };
  const id = await crm.register({ firstName: "Ольга", lastName: "O'Neil", utm });
  await synced(id);
  const user = await crm.services.db.user.findUniqueOrThrow({ where: { id } });
  const preview = await previewRegistration(crm.services, {
    env: draftEnv(crm.services, {}),
    person: {
      ...examplePerson(crm.services.env, "ru"),
      ...{ userId: id, firstName: user.firstName, lastName: user.lastName, email: user.email, phone: user.phone },
      ...{ company: null, phoneExtension: null, visit: {} },
      utm: { UTM_SOURCE: "vk", UTM_CAMPAIGN: "$result[deal] {name}" },
    },
  });
  const deal = dealOf(id);
  const contact = [...crm.portal.contacts.values()].find(({ originId }) => originId === `user-${id}`);
  for (const [record, fields] of [
    [deal, preview.deal],
    [contact, preview.contact],
  ] as const)
    for (const { name, value } of fields.filter(
      (field) => !/^(EMAIL|PHONE|opened|isManualOpportunity)$/.test(field.name),
    ))
      expect(String((record as unknown as Record<string, unknown>)[name]), name).toBe(value);
  expect(crm.portal.rows.get(deal?.id ?? 0)?.map(({ productId, price }) => [productId, price])).toEqual([[1800, 20]]);
  await save({ dealTitle: "", product: "", price: "", source: "", responsible: "" });
});

test("a deal that was sent keeps its product and price when the settings change before its row is there", async () => {
  const remove = crm.portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "LATER" });
  const id = await crm.register();
  await expect.poll(() => crm.services.db.crmLog.count({ where: { userId: id, code: "LATER" } })).toBeGreaterThan(0);
  await save({ product: "1800", price: "20" });
  remove();
  await synced(id);
  const deal = dealOf(id);
  expect(deal?.opportunity).toBe(49);
  expect(crm.portal.rows.get(deal?.id ?? 0)?.map(({ productId, price }) => [productId, price])).toEqual([[1777, 49]]);
  const next = await crm.register();
  await synced(next);
  expect(dealOf(next)?.opportunity).toBe(20);
  await save({ product: "", price: "" });
});

const asksNothing = async () => {};
const undoNewest = async () =>
  undoReviewed(crm.services, { actor: admin, id: await newestChange(crm.services), locale: "en" }, asksNothing);
const stored = async () =>
  Object.fromEntries((await crm.services.db.setting.findMany()).map((row) => [row.key, row.value]));

for (const [before, after, problems] of [
  [{ responsible: "4" }, { responsible: "2" }, { responsible: "Fyodor Former no longer works there." }],
  [{ product: "9999" }, { product: "1800" }, { product: "The portal has no product 9999." }],
  [{ fields: "gclid=deal.UF_CRM_GONE" }, { fields: "" }, { fields: expect.stringContaining("UF_CRM_GONE") }],
  [{ paidStage: "GONE" }, { paidStage: "", dealTitle: "{name}" }, { paidStage: "The portal has no stage GONE." }],
] as [SettingTexts, SettingTexts, object][])
  test(`a change is not undone to what the portal no longer has: ${JSON.stringify(before)}`, async () => {
    await save(before);
    await save(after);
    const now = await stored();
    expect(await undoNewest()).toEqual({ outcome: "refused", problems });
    expect(await stored()).toEqual(now);
    // Without the portal's word it is the administrator who decides, as when saving.
    const remove = crm.portal.fail({ kind: "502" });
    expect(await undoNewest()).toEqual({ outcome: "undone" });
    remove();
    expect(await stored()).toEqual(before);
    await save(Object.fromEntries(Object.keys(before).map((key) => [key, ""])));
  });

test("a change is undone to what the portal has, and to the default", async () => {
  await save({ responsible: "3" });
  await save({ responsible: "2", alertWait: "5" });
  expect(await undoNewest()).toEqual({ outcome: "undone" });
  expect(await stored()).toEqual({ responsible: "3" });
  await save({ responsible: "" });
  await save({ funnel: "1", responsible: "2" });
  expect(await undoNewest()).toEqual({ outcome: "undone" });
  expect(await stored()).toEqual({});
  await expect(
    undoReviewed(crm.services, { actor: admin, id: 999_999, locale: "en" }, asksNothing),
  ).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("an undoing that is sent again is done for its actor, and refused for a colleague", async () => {
  await save({ responsible: "3" });
  const undo = { id: await newestChange(crm.services), locale: "en" } as const;
  for (let time = 0; time < 2; time++)
    expect(await undoReviewed(crm.services, { actor: admin, ...undo }, asksNothing)).toEqual({ outcome: "undone" });
  expect(await stored()).toEqual({});
  const colleague = await makeAdmin(crm.services.db);
  await expect(undoReviewed(crm.services, { actor: colleague, ...undo }, asksNothing)).rejects.toMatchObject({
    code: "CONFLICT",
  });
});

test("a portal that does not answer is said to be silent, and the form can be used all the same", async () => {
  const remove = crm.portal.fail({ kind: "502" });
  expect(await offeredChoices(crm.services)).toBeNull();
  expect(await review("deal", { product: "9999" })).toEqual({
    problems: {},
    warnings: [],
    preview: null,
    silent: true,
  });
  remove();
});

test("the page shows what applies now", async () => {
  const { settings } = await viewSettings(crm.services, "deal");
  expect(settings.find(({ key }) => key === "product")).toEqual({ key: "product", text: "1777", locked: false });
});
