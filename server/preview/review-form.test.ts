import { expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { changeForm, type FormState, storedForm } from "../forms/change";
import type { FormSettings } from "../forms/definition";
import { readDefinition } from "../forms/read-definition";
import { startCrm } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { reviewForm } from "./review-form";
import { undoFormReviewed } from "./undo-form";

const products = [
  { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
  { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
];
const userFields = { contact: [], deal: [{ name: "UF_CRM_SIZE", type: "string" as const, title: "Size" }] };

async function review(settings: FormSettings, env: Record<string, string> = {}) {
  const { services } = await startCrm({ portal: { products, userFields }, env });
  const definition = readDefinition({
    items: [{ question: { key: "size", kind: "choice", label: { en: "Size" }, options: [{ value: "Large" }] } }],
    settings,
  });
  return reviewForm(services, { definition, locale: "en" });
}

test("the preview of a form is what its next registration makes, with the answer to a question not yet saved", async () => {
  const own = { product: "1800", dealTitle: "{product} {answer.size}", fields: "answer.size=deal.ufCrmSize" };
  const { problems, preview } = await review(own, { BITRIX24_PRICE_USD: "99" });
  expect(problems).toEqual({});
  const sentAs = (name: string) => preview?.deal.find((field) => field.name === name)?.value;
  expect(sentAs("title")).toBe("Book Large");
  expect(sentAs("ufCrmSize")).toBe("Large");
  expect(sentAs("opportunity")).toBe("20");
  expect(preview?.row).toMatchObject([{ value: "1800" }, { value: "20" }, { value: "1" }]);
});

test("undoing a form's change that is sent again is done for its actor, and refused for a colleague", async () => {
  const { services } = await startCrm({ portal: { products, userFields } });
  const [actor, colleague] = [await makeAdmin(services.db), await makeAdmin(services.db)];
  const { seen, state } = await storedForm(services, 1);
  await changeForm(services, { actor, id: 1, seen, change: (now) => ({ ...now, name: "Spring" }) });
  const changeId = (await storedForm(services, 1)).seen;
  const undo = (by: Actor) => undoFormReviewed(services, { actor: by, changeId, locale: "en" });
  for (let time = 0; time < 2; time++) expect(await undo(actor)).toEqual({ outcome: "undone" });
  expect((await storedForm(services, 1)).state).toEqual(state);
  await expect(undo(colleague)).rejects.toMatchObject({ code: "CONFLICT" });
});

test("a form's change is not undone to what the portal no longer has", async () => {
  const { services } = await startCrm({ portal: { products, userFields } });
  const actor = await makeAdmin(services.db);
  const set = async (settings: FormSettings) => {
    const { seen } = await storedForm(services, 1);
    const change = (now: FormState) => ({ ...now, definition: { ...now.definition, settings } });
    return changeForm(services, { actor, id: 1, seen, change });
  };
  for (const [before, after, problems] of [
    [{ product: "1999" }, { product: "1998" }, { product: "The portal has no product 1999." }],
    // The stage stays, and is of another funnel again.
    [{ funnel: "0", stage: "C1:NEW" }, { funnel: "1", stage: "C1:NEW" }, { stage: expect.stringContaining("C1:NEW") }],
  ] as [FormSettings, FormSettings, object][]) {
    await set(before);
    const changeId = (await set(after)) ?? 0;
    expect(await undoFormReviewed(services, { actor, changeId, locale: "en" })).toEqual({
      outcome: "refused",
      problems,
    });
  }
});

test.each([
  [{ product: "1999" }, "product"],
  [{ funnel: "7" }, "funnel"],
  [{ stage: "C1:NEW" }, "stage"],
  [{ source: "NOWHERE" }, "source"],
  [{ responsible: "4" }, "responsible"],
  [{ fields: "answer.shoes=deal.ufCrmSize" }, "fields"],
] as [FormSettings, string][])("%j is refused beside %s", async (settings, key) => {
  expect(Object.keys((await review(settings)).problems)).toEqual([key]);
});
