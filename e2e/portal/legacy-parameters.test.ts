import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal } from "./portal";

const kinds = ["lead", "deal", "contact", "company"];
const lists = [
  ...kinds.flatMap((kind) => [`crm.${kind}.list`, `crm.${kind}.userfield.list`]),
  "crm.status.list",
  "crm.dealcategory.list",
  "crm.product.list",
];

test.each(lists)("%s refuses a filter or an order that is no map, rather than answering everything", async (method) => {
  const portal = createPortal();
  for (const name of ["filter", "order"]) {
    for (const value of ["ID", 7, true]) {
      const body = { error: "", error_description: `Parameter '${name}' must be array.` };
      expect(await callPortal(portal, method, { [name]: value })).toMatchObject({ status: 400, body });
      expect(await callPortal(portal, method, { [name.toUpperCase()]: value })).toMatchObject({ status: 400, body });
    }
    // The first is PHP's empty map.
    for (const none of [[], {}, null, undefined])
      expect((await callPortal(portal, method, { [name]: none })).status).toBe(200);
  }
});

test.each(kinds)(
  "params that are no map are refused when a %s is made or changed, which is then not done",
  async (kind) => {
    const portal = createPortal();
    portal.staff.addContact({ name: "Ann" });
    portal.staff.addCompany({ title: "Titov" });
    portal.staff.addLead({ title: "L" });
    portal.staff.addDeal({ title: "T" });
    const first = { lead: 5001, deal: 7001, contact: 3001, company: 4001 }[kind];
    const fields = { TITLE: "New", NAME: "New" };
    const body = { error: "", error_description: "Parameter 'params' must be array." };
    const add = (params: unknown) => callPortal(portal, `crm.${kind}.add`, { fields, params });
    const update = (params: unknown) => callPortal(portal, `crm.${kind}.update`, { id: first, fields, params });
    expect(await add("IMPORT")).toMatchObject({ status: 400, body });
    expect(await update("IMPORT")).toMatchObject({ status: 400, body });
    expect(
      (await callPortal(portal, `crm.${kind}.list`, { filter: { "%TITLE": "New", "%NAME": "New" } })).body.total,
    ).toBe(0);
    expect([(await add([])).status, (await update({ REGISTER_SONET_EVENT: "N" })).status]).toEqual([200, 200]);
  },
);
