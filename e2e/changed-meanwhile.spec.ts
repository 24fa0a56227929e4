import { makePeople, openAsAdmin, openWithScript, stopTime } from "./admin-people";
import { expect, test } from "./fixtures";

// What a page does when it hears that a colleague has changed what it shows.

test.use({ locale: "en-US" });

for (const place of ["person's button", "message", "message above the list"] as const)
  test(`a payment that was changed meanwhile loads the page's data once: ${place}`, {
    tag: ["@stack", "@desktop"],
  }, async ({ page, stack }) => {
    const { users, list } = await makePeople(stack, [{}]);
    const id = users[0]?.id ?? 0;
    await openAsAdmin(page, list);
    await page.locator(`main a[href="/admin/users/${id}"]`).first().click();
    const state = page.locator("[data-paid]");
    await expect(state).toBeVisible();
    await stopTime(page);
    const toast = page.locator("[data-toast]");
    const mark = state.getByRole("button", { name: "Mark as paid" });
    if (place !== "person's button") {
      await mark.click();
      await expect(toast).toContainText("marked as paid");
      await expect(state.getByRole("button", { name: "Mark as not paid" })).toBeVisible();
    }
    if (place === "message above the list") {
      await page.goBack();
      await expect(page.getByRole("list", { name: "Registered people" })).toBeVisible();
    }
    const byPortal = { userId: id, actorKind: "BITRIX24" as const, actorId: null, origin: "portal" };
    const isPaid = place === "person's button";
    await stack.db.user.update({ where: { id }, data: { isPaid, paidAt: isPaid ? new Date() : null } });
    await stack.db.paymentChange.create({ data: { ...byPortal, isPaid } });
    const loads: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "GET" && /\/admin\/users.*\.data/.test(request.url())) loads.push(request.url());
    });
    if (isPaid) {
      await mark.click();
      await expect(page.getByRole("alert")).toContainText("it is paid now.");
      await expect(page.locator("[data-paid=true]")).toBeVisible();
    } else {
      await toast.getByRole("button", { name: "Undo" }).click();
      await expect(toast).toContainText("Not undone: this was changed in the meantime.");
      const people = page.getByRole("list", { name: "Registered people" });
      await expect(
        place === "message" ? page.locator("[data-paid=false]") : people.getByText("Not paid"),
      ).toBeVisible();
    }
    // Whatever else the page would ask for is asked before this.
    await page.evaluate(() => window.__remixRouter.revalidate());
    await expect.poll(() => loads.length).toBeGreaterThan(1);
    expect(loads).toHaveLength(2);
  });

test("typed settings stay in their fields beside a colleague's, which they replace in a conscious second step", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  await openWithScript(page, "/admin/settings/site");
  const [name, policy] = [page.getByLabel("Name of the site"), page.getByLabel("Privacy policy")];
  const check = page.getByRole("button", { name: "Check and show what changes" });
  await name.fill("Mine");
  const byColleague = async (texts: Record<string, string>) => {
    const changes: Record<string, { from: string | null; to: string }> = {};
    for (const [key, value] of Object.entries(texts)) {
      const before = await stack.db.setting.findUnique({ where: { key } });
      changes[key] = { from: before?.value ?? null, to: value };
      await stack.db.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
    }
    await stack.db.settingChange.create({ data: { actorKind: "SYSTEM", actorId: null, changes } });
  };
  await byColleague({ siteName: "Theirs", privacyPolicy: "https://example.com/theirs" });
  await check.click();
  await expect(page.getByRole("alert")).toContainText("Your input is kept below");
  await expect(name).toHaveValue("Mine");
  await expect(name).toHaveAccessibleDescription(
    /Another administrator has changed this in the meantime\. Now: “Theirs”/,
  );
  await expect(name).toBeFocused();
  await expect(policy).toHaveValue("https://example.com/theirs");

  await name.fill("Still mine");
  await check.click();
  await expect(page.getByText("Nothing is saved yet")).toBeVisible();
  await byColleague({ siteName: "Theirs again" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Your input is kept below");
  await expect(name).toHaveValue("Still mine");
  await expect(name).toHaveAccessibleDescription(/Now: “Theirs again”/);
  await check.click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved: 1 setting")).toBeVisible();
  expect(await stack.db.setting.findMany({ orderBy: { key: "asc" } })).toMatchObject([
    { key: "privacyPolicy", value: "https://example.com/theirs" },
    { key: "siteName", value: "Still mine" },
  ]);
  await stack.db.setting.deleteMany();
  // The site reads its settings every two seconds: the next test is to find it by its own name.
  await expect.poll(async () => (await fetch(`${stack.baseURL}/login`)).text()).not.toContain("Still mine");
});

test("typed words of a consent stay in their fields beside a colleague's", {
  tag: ["@stack", "@desktop"],
}, async ({ page, stack }) => {
  const kind = `mine${crypto.randomUUID().slice(0, 8)}`;
  const words = { label: { en: kind, ru: kind }, text: { en: ["Letters"], ru: ["Письма"] } };
  const state = { purpose: "other", position: 900, required: false, retired: true, version: "1" };
  await stack.db.consentWording.create({ data: { kind, version: "1", ...words } });
  await stack.db.consentKind.create({ data: { key: kind, ...state } });
  await openWithScript(page, `/admin/settings/consents/${kind}`);
  const [english, russian] = [page.getByLabel("Text below, in English"), page.getByLabel("Text below, in Russian")];
  const check = page.getByRole("button", { name: "Check and show" });
  await english.fill("My letters");
  const text = { en: ["Their letters"], ru: ["Их письма"] };
  await stack.db.consentWording.create({ data: { kind, version: "2", label: words.label, text } });
  await stack.db.consentKind.update({ where: { key: kind }, data: { version: "2" } });
  const changes = { [kind]: { from: state, to: { ...state, version: "2" } } };
  await stack.db.consentChange.create({ data: { actorKind: "SYSTEM", actorId: null, changes } });
  await check.click();
  await expect(page.getByRole("alert")).toContainText("Your input is kept below");
  await expect(english).toHaveValue("My letters");
  await expect(english).toHaveAccessibleDescription(/Now: “Their letters”/);
  await expect(english).toBeFocused();
  await expect(russian).toHaveValue("Их письма");
  await check.click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. The form changes within seconds.")).toBeVisible();
  await expect(english).toHaveValue("My letters");
  // Right after saving it is the page's own change that it knows.
  await english.fill("My other letters");
  await check.click();
  await expect(page.getByText("Nothing is saved yet")).toBeVisible();
  await stack.db.consentKind.delete({ where: { key: kind } });
});
