import { expect, test } from "vitest";
import { dealRow } from "./deals";
import { isTemplate } from "./recurring";
import { catalogProduct, contactRows, oldProduct, priceTypes, wholeText } from "./responses";

test("a text that the portal writes as false is empty, and names no stage, owner or currency", () => {
  const empty = { originatorId: false, originId: false, stageId: false, stageSemanticId: false, currencyId: false };
  expect(dealRow.parse({ id: 1, ...empty, createdTime: false, updatedTime: false })).toMatchObject({
    originatorId: "",
    originId: "",
    stageId: "",
    semantic: "",
    currencyId: "",
    updatedTime: "",
    createdTime: null,
  });
  expect(wholeText.parse(false)).toBe("");
});

test("names and addresses that the portal writes as false are empty", () => {
  const contact = { id: 1, name: false, lastName: false, fm: [{ typeId: "EMAIL", value: false }] };
  expect(contactRows.parse({ items: [contact] }).items).toMatchObject([{ name: "", lastName: "", emails: [""] }]);
});

test("a text of a deal that is true is no text", () => {
  expect(dealRow.safeParse({ id: 1, stageId: true }).success).toBe(false);
});

test.each([
  ["booleans", true, false],
  ["letters", "Y", "N"],
  ["digits", 1, 0],
])("yes and no are read as %s", (_name, yes, no) => {
  const isRecurring = (value: unknown) => isTemplate(dealRow.parse({ id: 1, isRecurring: value }));
  expect([isRecurring(yes), isRecurring(no), isRecurring(undefined)]).toEqual([true, false, false]);
  expect(catalogProduct.parse({ product: { id: 1, name: "Course", active: no } }).product.active).toBe("N");
  expect(oldProduct.parse({ ID: 1, NAME: "Course", ACTIVE: yes }).ACTIVE).toBe("Y");
  expect(
    priceTypes.parse({
      priceTypes: [
        { id: 1, base: yes },
        { id: 2, base: no },
      ],
    }).priceTypes,
  ).toMatchObject([{ base: "Y" }, { base: "N" }]);
});
