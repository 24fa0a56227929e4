import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import { readFieldMap, writeFieldMap } from "../platform/field-map";
import { reviewSettings } from "../preview/review";
import { readPortalState } from "../queue/circuit-breaker";
import { plannedChanges } from "../settings/change";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

let crm: CrmHarness;

const must = (type: UserField["type"]): UserField => ({
  name: "UF_CRM_MUST",
  type,
  title: "Company of the client",
  required: true,
});

async function start(fields: string, type: UserField["type"] = "string") {
  crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: fields },
    portal: { limits: { bucket: 0 }, userFields: { contact: [], deal: [must(type)] } },
  });
}

async function register(company: string | null): Promise<number> {
  const id = await crm.register();
  await crm.services.db.user.update({ where: { id }, data: { company } });
  return id;
}

const sentTo = (id: number) => {
  const deal = [...crm.portal.deals.values()].find(({ originId }) => originId === `user-${id}`);
  return (deal as unknown as Record<string, unknown> | undefined)?.ufCrmMust;
};

test("people without the value of a mandatory field fail for it alone, however many they are, and the others arrive", async () => {
  await start("company=deal.UF_CRM_MUST");
  const without: number[] = [];
  for (let made = 0; made < 7; made++) without.push(await register(null));
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "FAILED" } })).toBe(without.length);
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  for (const id of without)
    expect(await userOf(crm, id)).toMatchObject({
      crmError: "CRM_FIELD_ERROR_REQUIRED",
      crmErrorField: "Company of the client (ufCrmMust)",
    });
  const named = await register("Daisy");
  await expect.poll(async () => (await userOf(crm, named)).crmState).toBe("SYNCED");
  expect(sentTo(named)).toBe("Daisy");
  expect((await alertMails(crm)).filter(({ subject }) => subject.includes("paused"))).toEqual([]);
});

test("with a text for people without the value everybody arrives", async () => {
  await start("company|Private%20person%2C%20or%20so=deal.UF_CRM_MUST");
  const [without, named] = [await register(null), await register("Daisy")];
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(2);
  expect([sentTo(without), sentTo(named)]).toEqual(["Private person, or so", "Daisy"]);
});

test("a text for people without the value survives its writing, and an empty one is refused", async () => {
  await start("");
  for (const fallback of ["a,b=c|d", "Ж 😀", "100%", "text:x"]) {
    const rules = [{ source: "company", fallback, entity: "deal" as const, field: "UF_CRM_MUST" }];
    expect(readFieldMap(writeFieldMap(rules))).toEqual(rules);
  }
  for (const wrong of ["company|=deal.UF_CRM_MUST", "company|%=deal.UF_CRM_MUST", "|x=deal.UF_CRM_MUST"])
    expect(readFieldMap(wrong)).toBeNull();
});

const review = async (fields: string) =>
  reviewSettings(crm.services, {
    group: "fields",
    texts: { fields },
    changes: await plannedChanges(crm.services, { fields }),
    locale: "en",
  });

test("the owner is told before saving that a mandatory field is filled for some only, and which text does not fit", async () => {
  await start("", "integer");
  expect((await review("user_id=deal.UF_CRM_MUST")).warnings).toEqual([]);
  crm.portal.configure({ userFields: { contact: [], deal: [must("string")] } });
  expect((await review("company=deal.UF_CRM_MUST")).warnings).toEqual([
    expect.stringContaining("Company of the client (ufCrmMust), and only some people have the value"),
  ]);
  expect((await review("company|Private=deal.UF_CRM_MUST")).warnings).toEqual([]);
  expect((await review("company|$total=deal.UF_CRM_MUST")).problems.fields).toBeTruthy();
  crm.portal.configure({ userFields: { contact: [], deal: [must("date")] } });
  expect((await review("first_at|soon=deal.UF_CRM_MUST")).problems.fields).toContain("soon");
  expect((await review("first_at|2026-01-02=deal.UF_CRM_MUST")).problems).toEqual({});
});
