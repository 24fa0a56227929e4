import { expect, test } from "vitest";
import { readPortalState } from "../queue/circuit-breaker";
import { startCrm } from "../test/crm";
import { userOf } from "../test/factories";

const refusedValue = "CRM_FIELD_ERROR_VALUE_NOT_VALID";
const question = { key: "note", kind: "text", label: { en: "Note", ru: "Заметка" }, required: false };
const choice = {
  key: "pick",
  kind: "choice",
  label: { en: "Pick", ru: "Выбор" },
  required: false,
  options: [{ value: "categoryId", label: { en: "Funnel", ru: "Воронка" } }],
};

/** The portal refuses this person's deal, and quotes what was typed. */
async function start(answers: Record<string, string>, quoted: string, env: Record<string, string> = {}) {
  const crm = await startCrm({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "2", ...env } });
  const { db, forms } = crm.services;
  const definition = { items: [{ question }, { question: choice }] };
  await db.form.upsert({ where: { id: 1 }, create: { id: 1, name: "", definition }, update: { definition } });
  await forms.reload();
  const id = await crm.register({ firstName: "Refused" });
  await db.user.update({ where: { id }, data: { answers } });
  crm.portal.fail({
    kind: "command",
    method: "crm.item.add",
    match: ({ params }) =>
      String(params.entityTypeId) === "2" &&
      (params.fields as Record<string, unknown> | undefined)?.originId === `user-${id}`,
    code: refusedValue,
    text: `The value "${quoted}" is not valid`,
  });
  return { crm, id };
}

test.each([
  [{ note: "stageId" }, "stageId"],
  [{ note: "STAGEID" }, "stageId"],
  [{ note: "our stageId please" }, "our stageId please"],
  [{ pick: "categoryId" }, "categoryId"],
  [{ note: "our", pick: "categoryId" }, "categoryId"],
])("an answer %j that the portal quotes is not taken for a field of everybody's deals", async (answers, quoted) => {
  const { crm, id } = await start(answers, quoted);
  const good = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, good)).crmState).toBe("SYNCED");
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  expect(await userOf(crm, id)).toMatchObject({ crmError: refusedValue, crmErrorField: null });
  expect((await readPortalState(crm.services)).alertedCode).toBeNull();
});

test("a first touch that the portal quotes is not taken for a field either, nor a shorter text for a part of it", async () => {
  const { crm, id } = await start({ note: "spring" }, "spring stageId");
  const { db } = crm.services;
  await db.attribution.update({ where: { userId: id }, data: { first: { utm_source: "spring stageId" } } });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  expect((await userOf(crm, id)).crmErrorField).toBeNull();
  expect((await readPortalState(crm.services)).alertedCode).toBeNull();
});

test("an answer that speaks of a responsible person passes over no employee", async () => {
  const { crm, id } = await start({ note: "Responsible person" }, "responsible person", {
    BITRIX24_ASSIGNED_BY_IDS: "2, 3",
  });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  expect(await crm.services.db.refusedResponsible.count()).toBe(0);
});

test("a field is named although an answer is a part of its name", async () => {
  const { crm } = await start({ note: "stage" }, "stageId");
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe(refusedValue);
  expect((await readPortalState(crm.services)).pauseField).toContain("stageId");
});
