import { expect, test } from "vitest";
import type { FormSettings } from "../forms/definition";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { holdUnfit } from "./form-holds";
import { endFormerHolds } from "./former-holds";
import { settingsGroups } from "./settings-groups";

/** A form "Books" of its own product, held up for a minute, of which administrators were told. */
async function start(): Promise<{ crm: CrmHarness; formId: number; change: (data: object) => Promise<void> }> {
  const crm = await startCrm();
  const { db, forms } = crm.services;
  const settings: FormSettings = { product: "1800" };
  const { id: formId } = await db.form.create({ data: { slug: "books", name: "Books", definition: { settings } } });
  await forms.reload();
  const group = settingsGroups(crm.services).of(formId);
  if (!group) throw new Error("the form has no group");
  await holdUnfit(crm.services, group, { what: "product", field: "1800" });
  await age(crm);
  expect(await alertMails(crm)).toHaveLength(1);
  const change = async (data: object) => {
    await db.form.update({ where: { id: formId }, data });
    await forms.reload();
  };
  return { crm, formId, change };
}

const age = ({ services: { pool } }: CrmHarness) =>
  pool.query(`update "FormHold" set "since" = now() - interval '1 minute'`);
const holds = ({ services: { db } }: CrmHarness) => db.formHold.count();
const open = ({ services: { db } }: CrmHarness) => db.alert.count({ where: { overAt: null } });

test("a hold ends with its alert although nobody registers, also where a single group of settings is left", async () => {
  const { crm, change } = await start();
  await endFormerHolds(crm.services);
  expect(await holds(crm)).toBe(1);
  await change({ definition: {} });
  crm.newWorker().start();
  await expect.poll(() => holds(crm)).toBe(0);
  const mails = await alertMails(crm);
  expect(mails).toHaveLength(2);
  expect(mails[1]?.text).toMatch(/снова отправляются \(UNFIT_PRODUCT, 1800\)/);
  expect(await open(crm)).toBe(0);
});

test("a hold of settings that were changed for others ends, and the people who waited go on", async () => {
  const { crm, formId, change } = await start();
  const { db } = crm.services;
  const waiting = await crm.register({ formId });
  await db.user.update({ where: { id: waiting }, data: { crmNextAttemptAt: new Date(Date.now() + 3_600_000) } });
  await change({ definition: { settings: { price: "20" } } });
  await endFormerHolds(crm.services);
  expect(await holds(crm)).toBe(0);
  crm.newWorker().start();
  await expect.poll(async () => (await db.user.findUniqueOrThrow({ where: { id: waiting } })).crmState).toBe("SYNCED");
});

test("a hold of a moment ago is left: another process may have other settings already", async () => {
  const { crm, change } = await start();
  await change({ definition: {} });
  await crm.services.pool.query(`update "FormHold" set "since" = now()`);
  await endFormerHolds(crm.services);
  expect(await holds(crm)).toBe(1);
});

test("the hold of a closed form lasts as long as a person waits", async () => {
  const { crm, formId, change } = await start();
  const waiting = await crm.register({ formId });
  await change({ closedAt: new Date() });
  await endFormerHolds(crm.services);
  expect(await holds(crm)).toBe(1);
  await crm.services.db.user.update({ where: { id: waiting }, data: { crmState: "HELD" } });
  await endFormerHolds(crm.services);
  expect(await holds(crm)).toBe(0);
  await alertMails(crm);
  expect(await open(crm)).toBe(0);
});
