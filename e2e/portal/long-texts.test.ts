import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import { sentences } from "./text";

const addItem = (portal: Portal, entityTypeId: number, fields: object) =>
  callPortal(portal, "crm.item.add", { entityTypeId, fields });
const long = (length: number) => "ж".repeat(length);

test("each column keeps as many characters as the documentation says, and cuts the rest", async () => {
  const portal = createPortal();
  const fm = [{ typeId: "EMAIL", valueType: "WORK", value: `${"a".repeat(250)}@x.example` }];
  await addItem(portal, 3, { name: long(60), lastName: long(51), post: long(300), utmTerm: long(700), fm });
  const contact = portal.contacts.get(3001);
  expect(contact).toMatchObject({ name: long(50), lastName: long(50), post: long(255), utmTerm: long(600) });
  expect(contact?.fm.map(({ value }) => value)).toEqual(["a".repeat(250)]);
});

test("a portal may refuse a longer text, in words that name the field", async () => {
  const portal = createPortal({ switches: { longTexts: "refused" } });
  const refused = (field: string, length: number) => ({
    body: { error: "BX_INVALID_VALUE", error_description: sentences.en.tooLong(field, length) },
  });
  expect(await addItem(portal, 3, { name: long(51) })).toMatchObject(refused("First name", 50));
  const fm = [{ typeId: "PHONE", valueType: "WORK", value: "9".repeat(251) }];
  expect(await addItem(portal, 3, { name: "Ann", fm })).toMatchObject(refused("Phone", 250));
  const older = { fields: { LAST_NAME: long(51) } };
  expect(await callPortal(portal, "crm.contact.add", older)).toMatchObject(refused("Last name", 50));
  expect(portal.contacts.size).toBe(0);
  expect((await addItem(portal, 3, { name: long(50), utmTerm: long(600) })).status).toBe(200);
});
