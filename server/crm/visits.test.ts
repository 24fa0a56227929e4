import { expect, test } from "vitest";
import type { Touch } from "../registration/utmUtils";
import { startCrm } from "../test/crm";

const userField = (name: string) => ({ name, type: "string" as const, title: name });
const userFields = { deal: [userField("UF_CRM_GCLID"), userField("UF_CRM_1747309879")], contact: [] };

/** The deal of a person with these touches. */
async function dealOf(touches: { first?: Touch; last?: Touch }, env: Record<string, string> = {}) {
  const crm = await startCrm({ env, portal: { userFields } });
  const { db } = crm.services;
  const userId = await crm.register();
  const { first = {}, last = {} } = touches;
  await db.attribution.update({ where: { userId }, data: { first, last } });
  crm.newWorker().start();
  await expect.poll(async () => (await db.user.findUniqueOrThrow({ where: { id: userId } })).crmState).toBe("SYNCED");
  const [deal] = [...crm.portal.deals.values()];
  return { crm, deal: deal as unknown as Record<string, unknown> };
}

const clicked: Touch = {
  utm_source: "ads",
  gclid: "Cj0K-_1",
  roistat: "77",
  referrer: "https://search.example/",
  landing: "/register",
};

test("click ids, referrer and landing page stand in the description of the source", async () => {
  const { deal } = await dealOf({ last: clicked });
  expect(deal).toMatchObject({
    utmSource: "ads",
    sourceDescription: "gclid: Cj0K-_1\nroistat: 77\nreferrer: https://search.example/\nlanding: /register",
  });
});

test("what an administrator has named a field for stands there, and the rest in the description", async () => {
  const { deal } = await dealOf(
    { last: clicked },
    { BITRIX24_MARK_FIELDS: "gclid=UF_CRM_GCLID, referrer=ufCrm_1747309879" },
  );
  expect(deal).toMatchObject({
    ufCrmGclid: "Cj0K-_1",
    ufCrm_1747309879: "https://search.example/",
    sourceDescription: "roistat: 77\nlanding: /register",
  });
});

test("the id of a counter goes to the field that is named for it, as it was first, and nowhere else", async () => {
  const { deal } = await dealOf(
    { first: { ym_client_id: "1628529640459314054" }, last: { ...clicked, ym_client_id: "99999999" } },
    { BITRIX24_MARK_FIELDS: "ym_client_id=deal.UF_CRM_GCLID" },
  );
  expect(deal.ufCrmGclid).toBe("1628529640459314054");
  expect(deal.sourceDescription).toBe(
    "gclid: Cj0K-_1\nroistat: 77\nreferrer: https://search.example/\nlanding: /register",
  );
});

test("a field that the portal does not have loses nothing, and is told in the log", async () => {
  const { crm, deal } = await dealOf({ last: clicked }, { BITRIX24_MARK_FIELDS: "gclid=UF_CRM_NO_SUCH_FIELD" });
  expect(deal.sourceDescription).toContain("gclid: Cj0K-_1");
  expect(crm.lines).toContainEqual(expect.objectContaining({ fields: ["UF_CRM_NO_SUCH_FIELD"] }));
});

test("they are those of the touch whose campaign is told, and campaigns are not mixed", async () => {
  const { deal } = await dealOf({
    first: clicked,
    last: { yclid: "other", referrer: "https://mail.example/", landing: "/" },
  });
  expect(deal.sourceDescription).toContain("gclid: Cj0K-_1");
  expect(deal.sourceDescription).not.toContain("other");
});

test("without a campaign the last touch with a click id is told", async () => {
  const { deal } = await dealOf({ first: { landing: "/" }, last: { yclid: "9", landing: "/register" } });
  expect(deal.sourceDescription).toBe("yclid: 9\nlanding: /register");
});

test("a long click id arrives whole", async () => {
  const fbclid = "I".repeat(400);
  const { deal } = await dealOf({ last: { utm_source: "f", fbclid } }, { BITRIX24_MARK_FIELDS: "fbclid=UF_CRM_GCLID" });
  // A single-line field would cut the text.
  expect(deal.ufCrmGclid ?? "").toBe("");
  expect(deal.sourceDescription).toBe(`fbclid: ${fbclid}`);
});

test("what the portal would expand or render arrives as text", async () => {
  const { deal } = await dealOf({
    last: { gclid: "$result[c0]", referrer: "https://x.example/[url=https://bad.example]here[/url]<b>" },
  });
  expect(deal.sourceDescription).toBe(
    "gclid: $result(c0)\nreferrer: https://x.example/(url=https://bad.example)here(/url)‹b›",
  );
});

test("where nothing is known of the visit, no description is written", async () => {
  const { deal } = await dealOf({});
  expect(deal.sourceDescription ?? "").toBe("");
});
