import { expect, test } from "vitest";
import type { FormSettings } from "../forms/definition";
import { readDefinition } from "../forms/read-definition";
import { startCrm } from "../test/crm";
import { reviewForm } from "./review-form";

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
