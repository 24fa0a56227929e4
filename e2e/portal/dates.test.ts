import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal } from "./portal";

const portal = createPortal({
  utcOffsetMinutes: 180,
  userFields: { deal: [{ name: "UF_CRM_CALL", type: "datetime" }] },
});

const days: [sent: string, kept: string][] = [
  ["2027-03-05", "2027-03-05"],
  ["2027-03-05 18:30:00", "2027-03-05"],
  ["2027-03-05T18:30:00+03:00", "2027-03-05"],
  ["2027-03-05T18:30:00.123Z", "2027-03-05"],
  // Past midnight where the portal is.
  ["2027-03-05T22:30:00.000Z", "2027-03-06"],
  ["05.03.2027", "2027-03-05"],
  ["5.3.2027", "2027-03-05"],
  ["05.03.2027 18:30", "2027-03-05"],
  ["05.03.2027 18:30:59", "2027-03-05"],
];

test.each(days)(
  "the day %s is kept as %s by both families, when a deal is made and when it is changed",
  async (sent, kept) => {
    const newer = idOf(await callPortal(portal, "crm.item.add", { entityTypeId: 2, fields: { closedate: sent } }));
    const older = idOf(await callPortal(portal, "crm.deal.add", { fields: { CLOSEDATE: sent } }));
    expect([portal.deals.get(newer)?.closedate, portal.deals.get(older)?.closedate]).toEqual([kept, kept]);
    await callPortal(portal, "crm.item.update", { entityTypeId: 2, id: newer, fields: { begindate: sent } });
    await callPortal(portal, "crm.deal.update", { id: older, fields: { BEGINDATE: sent } });
    expect([portal.deals.get(newer)?.begindate, portal.deals.get(older)?.begindate]).toEqual([kept, kept]);
  },
);

test.each(["2027-03-05T15:30:00.500Z", "2027-03-05T18:30:00+03:00", "05.03.2027 18:30", "05.03.2027 18:30:00"])(
  "the moment %s is kept to the second",
  async (ufCrmCall) => {
    const { body } = await callPortal(portal, "crm.item.add", { entityTypeId: 2, fields: { ufCrmCall } });
    expect(body.result).toMatchObject({ item: { ufCrmCall: "2027-03-05T18:30:00+03:00" } });
  },
);
