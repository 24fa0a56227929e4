import { expect, test } from "vitest";
import { readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, startCrm } from "../test/crm";

/** Values that a portal refuses in its own fields, which the settings fill. */

const question = (key: string, kind: "text" | "date", en: string, ru: string) => ({
  question: { key, kind, label: { en, ru }, required: false },
});
const definition = {
  items: [question("note", "text", "Note", "Заметка"), question("born", "date", "Birthday", "День рождения")],
};
const values = { company: "Рога и копыта", answers: { note: "Перезвонить", born: "1990-02-03" } };

async function register({ services: { db }, ...crm }: CrmHarness): Promise<number> {
  const id = await crm.register({ utm: { utm_source: "odd-source" } });
  await db.user.update({ where: { id }, data: values });
  return id;
}

test.each([
  ["company=contact.post", 3, "post", "Position", "Компания: Рога и копыта"],
  ["answer.note=contact.POST", 3, "post", "Position", "Заметка: Перезвонить"],
  ["answer.born=contact.birthdate", 3, "birthdate", "Date of birth", /^День рождения: .*1990/m],
  ["answer.note=contact.comments", 3, "comments", "Comment", "Заметка: Перезвонить"],
  ["answer.note=deal.additionalInfo", 2, "additionalInfo", "Additional information", "Заметка: Перезвонить"],
] as const)(
  "a value that the CRM refuses in a field of its own by the rule %s stands in the deal's comment",
  async (rule, entityTypeId, field, title, line) => {
    const crm = await startCrm({ env: { BITRIX24_MARK_FIELDS: rule } });
    const { db, forms } = crm.services;
    await db.form.upsert({ where: { id: 1 }, create: { id: 1, name: "", definition }, update: { definition } });
    await forms.reload();
    crm.portal.fail({
      kind: "command",
      method: "crm.item.add",
      match: ({ params }) =>
        Number(params.entityTypeId) === entityTypeId && field in (params.fields as Record<string, unknown>),
      code: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
      text: `Invalid value for the "${title}" field`,
    });
    const id = await register(crm);
    crm.newWorker().start();
    const row = () => db.user.findUniqueOrThrow({ where: { id } });
    await expect.poll(async () => (await row()).crmState).toBe("SYNCED");
    const { crmAttempts, crmLeftOut, bitrix24DealId } = await row();
    expect({ crmAttempts, crmLeftOut }).toEqual({
      crmAttempts: 0,
      crmLeftOut: [`${entityTypeId === 3 ? "contact" : "deal"}.${field}`],
    });
    const comments = crm.portal.deals.get(bitrix24DealId ?? 0)?.comments;
    if (typeof line === "string") expect(comments).toContain(line);
    else expect(comments).toMatch(line);
    expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  },
);
