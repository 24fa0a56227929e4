import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

/** Values that a portal refuses, in fields that it demands. */

const nickname: UserField = { name: "UF_CRM_NICK", type: "string", title: "Nickname", required: true };
const withNickname = { userFields: { contact: [nickname], deal: [] } };
const count = ({ services }: CrmHarness, crmState: "FAILED" | "SYNCED") =>
  services.db.user.count({ where: { crmState } });
const pauses = async (crm: CrmHarness) =>
  (await alertMails(crm)).filter(({ subject }) => subject.includes("paused")).map(({ text }) => text);

/** Refuses a value wherever a contact is made with it in this field. */
const refuse = ({ portal }: CrmHarness, field: string, value: string) =>
  portal.fail({
    kind: "command",
    method: "crm.item.add",
    match: ({ params }) => JSON.stringify((params.fields as Record<string, unknown>)[field] ?? "").includes(value),
    code: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
    text: 'Invalid value for the "Nickname" field',
  });

test.each([1, 3])(
  "%i people whose e-mail the CRM refuses and demands fail alone, and the others arrive",
  async (people) => {
    const crm = await startCrm({ portal: { preset: "ordinary", required: { contact: ["EMAIL"], deal: [] } } });
    const refused: number[] = [];
    for (let made = 0; made < people; made++) refused.push(await crm.register({ email: `анна${made}@почта.рф` }));
    crm.newWorker().start();
    await expect.poll(() => count(crm, "FAILED")).toBe(people);
    for (const id of refused)
      expect(await userOf(crm, id)).toMatchObject({
        crmError: "CRM_FIELD_ERROR_REQUIRED",
        crmErrorField: "E-mail (EMAIL)",
        crmLeftOut: ["EMAIL"],
      });
    await crm.register();
    await expect.poll(() => count(crm, "SYNCED")).toBe(1);
    expect((await readPortalState(crm.services)).pausedBy).toBeNull();
    expect(await pauses(crm)).toEqual([]);
  },
);

test("a person whose own value in a demanded field is refused fails alone", async () => {
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: "firstName=contact.UF_CRM_NICK" },
    portal: withNickname,
  });
  refuse(crm, "ufCrmNick", "Zed");
  const id = await crm.register({ firstName: "Zed" });
  crm.newWorker().start();
  await expect.poll(() => count(crm, "FAILED")).toBe(1);
  expect(await userOf(crm, id)).toMatchObject({ crmErrorField: "Nickname (ufCrmNick)", crmLeftOut: ["ufCrmNick"] });
  await crm.register();
  await expect.poll(() => count(crm, "SYNCED")).toBe(1);
  expect(await pauses(crm)).toEqual([]);
});

test("a person of whose name nothing remains without its emoji fails alone where the name fills a demanded field", async () => {
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: "firstName=contact.UF_CRM_NICK" },
    portal: { preset: "three-byte-box", ...withNickname },
  });
  const id = await crm.register({ firstName: "🎉" });
  crm.newWorker().start();
  await expect.poll(() => count(crm, "FAILED")).toBe(1);
  expect(await userOf(crm, id)).toMatchObject({ crmErrorField: "Nickname (ufCrmNick)", crmLeftOut: ["emoji"] });
  await crm.register();
  await expect.poll(() => count(crm, "SYNCED")).toBe(1);
  expect(await pauses(crm)).toEqual([]);
});

test("a text for everybody that the CRM refuses in a demanded field pauses the queue, with one alert that names the field", async () => {
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: "text:site=contact.UF_CRM_NICK", BITRIX24_RETRY_BASE_MS: "3600000" },
    portal: withNickname,
  });
  refuse(crm, "ufCrmNick", "site");
  await crm.registerMany(6);
  crm.newWorker().start();
  await expect.poll(() => pauses(crm)).toEqual([expect.stringContaining("Nickname (ufCrmNick)")]);
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
});
