import { openAsAdmin } from "./admin-people";
import { expect } from "./fixtures";
import { testOnOwnStack } from "./own-stack";
import { onPortal, register } from "./people";

const test = testOnOwnStack("mandatory-field");
test.use({ locale: "en-US" });

const taxNumber = { name: "UF_CRM_TAX", type: "string", title: "Tax number", required: true } as const;

test("a field that the portal demands of deals stops nobody from registering", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  stack.portal.configure({ userFields: { deal: [taxNumber] } });
  const person = await register(page, { firstName: "Vera" });
  await openAsAdmin(page, "/admin/crm");
  await expect(page.getByText("Tax number").first()).toBeVisible();
  expect((await onPortal(stack, person)).deals).toEqual([]);

  stack.portal.configure({ userFields: { deal: [] } });
  await expect
    .poll(async () => (await onPortal(stack, person)).deals)
    .toMatchObject([{ contactId: expect.any(Number) }]);
});
