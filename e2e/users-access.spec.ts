import { readFile } from "node:fs/promises";
import { makePeople, openAsAdmin, tabTo } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import { accessibilityViolations, overflow } from "./violations";

test("the day's work is done by keyboard alone", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const { company, users } = await makePeople(stack, [{}, {}]);
  await openAsAdmin(page, "/admin/users");

  await tabTo(page, page.getByLabel("Name, e-mail or phone"));
  await page.keyboard.type(`@${company}`);
  await page.keyboard.press("Enter");
  await expect(page.getByText("2 people found")).toBeVisible();
  await tabTo(page, page.getByLabel("Select all on this page"));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("button", { name: "Mark as paid" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Mark 2 people as paid?")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Yes, mark 2 people as paid" }));
  await page.keyboard.press("Enter");
  await expect(page.getByText("Done: 2 payments were changed.")).toBeVisible();

  await page.goto(`/admin/users/${users[0]?.id}`);
  await tabTo(page, page.getByRole("button", { name: "Undo" }));
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
});

test("people are exported and sent again by keyboard alone", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users, list } = await makePeople(stack, [{ crmState: "FAILED", crmError: "CRM_FIELD_ERROR" }]);
  await openAsAdmin(page, list);
  await tabTo(page, page.getByRole("link", { name: "Export as CSV" }));
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(await readFile(await download.path(), "utf8")).toContain(users[0]?.email);

  await page.goto(`/admin/users/${users[0]?.id}`);
  await tabTo(page, page.getByRole("button", { name: "Send again" }));
  await page.keyboard.press("Enter");
  await expect(page.locator("[data-crm-state]")).toHaveAttribute("data-crm-state", "synced");
});

test("the question says in its title what it asks", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const { users } = await makePeople(stack, [{ isPaid: true, paidAt: new Date() }]);
  await openAsAdmin(page, `/admin/users/bulk?mark=unpaid&id=${users[0]?.id}`);
  await expect(page).toHaveTitle(/^Mark as not paid/);
});

test("an invalid address is ignored with a message", { tag: ["@stack", "@desktop"] }, async ({ page, stack }) => {
  const { company } = await makePeople(stack, [{}]);
  await openAsAdmin(page, `/admin/users?q=${company}&paid=perhaps&after=yesterday`);
  await expect(page.getByRole("status").filter({ hasText: "paid, after" })).toBeVisible();
  await expect(page.getByText("1 person found")).toBeVisible();
});

test("an invalid position in a person's history is ignored with a message", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const { users } = await makePeople(stack, [{}]);
  await openAsAdmin(page, `/admin/users/${users[0]?.id}?log=yesterday`);
  await expect(page.getByText("address was not understood")).toBeVisible();
  await page.goto(`/admin/users/${users[0]?.id}?before=-1`);
  await expect(page.getByText("address was not understood")).toBeVisible();
  await expect(page.locator("#timeline li")).toHaveCount(1);
});

test("an administrator created on the command line is not shown as a registration that has reached the portal", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openAsAdmin(page, `/admin/users?q=${administrator.email}`);
  await expect(page.getByText("Not registered")).toBeVisible();
  const { id } = await stack.db.user.findUniqueOrThrow({ where: { email: administrator.email } });
  await page.goto(`/admin/users/${id}`);
  await expect(page.getByText("there is nothing to send")).toBeVisible();
  await expect(page.locator("[data-crm-state]")).toHaveCount(0);
});

test("ids that name nobody are not found, and wrong parameters are refused", { tag: ["@stack", "@desktop"] }, async ({
  page,
}) => {
  await openAsAdmin(page, "/admin/users");
  for (const [path, status] of [
    ["/admin/users/abc", 404],
    ["/admin/users/0", 404],
    ["/admin/users/2147483647", 404],
    ["/admin/users/99999999999", 404],
    ["/admin/users/bulk?mark=perhaps", 400],
  ] as const)
    expect((await page.goto(path))?.status(), path).toBe(status);
});

for (const [width, colorScheme] of [
  [320, "light"],
  [1280, "light"],
  [1280, "dark"],
] as const) {
  test.describe(`${width} pixels wide, ${colorScheme}`, { tag: "@desktop" }, () => {
    test.use({ colorScheme, viewport: { width, height: 800 } });

    test("lists, questions and people have no accessibility violations, and need no scrolling sideways", {
      tag: "@stack",
    }, async ({ page, stack }) => {
      const long = "Аннаистасиямарияелизавета".repeat(3);
      const { users, list } = await makePeople(stack, [
        {
          firstName: long,
          lastName: long,
          source: "a-source-with-a-very-long-name-indeed",
          isPaid: true,
          paidAt: new Date(),
        },
        { crmState: "FAILED", crmError: "INSUFFICIENT_SCOPE" },
      ]);
      const id = users[0]?.id ?? 0;
      await stack.db.paymentChange.create({
        data: { userId: id, isPaid: true, actorKind: "BITRIX24", origin: "portal" },
      });
      await stack.db.crmLog.create({
        data: {
          userId: id,
          method: "crm.item.add",
          outcome: "UNKNOWN",
          code: "TIMEOUT",
          durationMs: 5_000,
          attempt: 1,
        },
      });
      await stack.db.attribution.create({
        data: { userId: id, first: { utm_source: long }, last: { landing: `/${long}` } },
      });
      const ticked = users.map((user) => `&id=${user.id}`).join("");
      const paths = [
        list,
        `${list}&crm=pending`,
        `/admin/users/bulk?mark=unpaid${ticked}`,
        "/admin/users/bulk?mark=paid",
        ...users.map((user) => `/admin/users/${user.id}`),
      ];
      await openAsAdmin(page, list);
      for (const path of paths) {
        await page.goto(path);
        expect(await accessibilityViolations(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
      }
    });
  });
}
