import { randomInt } from "node:crypto";
import { openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { fillRegistration, newPerson, sendRegistration, signIn } from "./people";

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("an address of an international domain registers, is shown as it is written, and signs in in both spellings", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, context, stack }) => {
      const name = `ivan-${crypto.randomUUID()}`;
      const [letters, ascii] = [`${name}@почта.рф`, `${name}@xn--80a1acny.xn--p1ai`];
      await page.goto("/register");
      await fillRegistration(page, { ...newPerson(), email: letters });
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");
      await expect(page.getByText(letters).first()).toBeVisible();
      expect(await stack.db.user.count({ where: { email: ascii } })).toBe(1);

      for (const spelling of [letters.toUpperCase(), ascii]) {
        await context.clearCookies();
        await page.goto("/login");
        await signIn(page, { email: spelling, password: newPerson().password });
        await expect(page).toHaveURL("/account");
      }
    });

    test("what a person pastes from messengers, tables and address books is taken", {
      tag: ["@stack", "@desktop"],
    }, async ({ page, stack }) => {
      const person = newPerson();
      // A phone that no other person has: sharing one links the contact, and the deal's comment says so.
      const digits = String(randomInt(1_000_000, 10_000_000));
      await page.goto("/register");
      await fillRegistration(page, {
        ...person,
        firstName: "\u200bАн\u00adна\u2060",
        lastName: "Серге\u0438\u0306",
        email: `${person.email}\u200b`,
        phone: `\u202a+7 (495) ${digits.slice(0, 3)}-${digits.slice(3)} доб. 012\u202c`,
      });
      await sendRegistration(page);
      await expect(page).toHaveURL("/account");
      await expect(page.getByText(`+7495${digits} ext. 012`)).toBeVisible();
      const stored = await stack.db.user.findUniqueOrThrow({ where: { email: person.email } });
      expect(stored).toMatchObject({
        firstName: "Анна",
        lastName: "Сергей",
        phone: `+7495${digits}`,
        phoneExtension: "012",
      });
      await expect
        .poll(() => [...stack.portal.deals.values()].find((deal) => deal.originId === `user-${stored.id}`)?.comments)
        .toBe("Phone extension: 012");
    });

    test("a name of which nothing can be seen is asked for again", { tag: "@desktop" }, async ({ page }) => {
      await page.goto("/register");
      await fillRegistration(page, { ...newPerson(), firstName: "\u200b\u00ad\u2060" });
      await sendRegistration(page);
      await expect(page.getByLabel("First name")).toHaveAccessibleDescription("Please fill this in.");
    });
  });

test("an administrator finds a person by the number on the account page, and by what was pasted", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const email = `o-brien-${crypto.randomUUID()}@example.com`;
  const { id } = await stack.db.user.create({
    data: { email, firstName: "Анна", lastName: "O’Brien", phone: "+79165554433", crmState: "SYNCED" },
    select: { id: true },
  });
  await openAsAdmin(page, "/admin/users");
  for (const q of [`№ ${id}`, `o'brien ${email}`, `\u200b${email}\u200b`]) {
    // From the list of all: what the search before has found would look like the answer to this one.
    await page.goto("/admin/users");
    await page.getByLabel("name, e-mail or phone").fill(q);
    await page.getByRole("button", { name: "Show" }).click();
    const items = page.getByRole("list", { name: "Registered people" }).getByRole("listitem");
    await expect(items).toHaveCount(1);
    await expect(items).toContainText(email);
  }
});
