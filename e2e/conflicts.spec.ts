import type { Page } from "@playwright/test";
import type { ConflictKind } from "../server/conflicts/conflicts";
import { noteMade } from "../server/crm/recognise";
import { readMarks } from "../server/identity/marks";
import { parseEnv } from "../server/platform/env";
import { makePeople, openAsAdmin } from "./admin-people";
import { administrator, expect, test } from "./fixtures";
import { register } from "./people";
import type { Stack } from "./stack";
import { accessibilityViolations, overflow } from "./violations";

const kinds: ConflictKind[] = [
  "DEAL_DELETED",
  "CONTACT_DELETED",
  "DEAL_OTHER_CONTACT",
  "DEAL_LOST",
  "DEAL_OTHER_FUNNEL",
  "STAGE_REFUSED",
  "SALE_CHANGED",
  "DUPLICATE_DEAL",
  "DUPLICATE_CONTACT",
];

let made = 0;

/** A paid person with contact and deal on the portal, and a difference of the kind, as a comparison would note it. */
async function makeConflict(stack: Stack, kind: ConflictKind, name = `Difference ${process.pid}-${++made}`) {
  const { staff } = stack.portal;
  const isDuplicate = kind === "DUPLICATE_DEAL" || kind === "DUPLICATE_CONTACT";
  const contact = staff.addContact({ name });
  const deal = staff.addDeal({ title: name, contactId: contact.id, stageId: kind === "DEAL_LOST" ? "LOSE" : "NEW" });
  const double = kind === "DUPLICATE_CONTACT" ? staff.addContact({ name }) : staff.addDeal({ title: name });
  // The portal's events about these records are fired before a row knows them, so no comparison runs during the spec.
  await stack.portal.eventsSettled();
  const { users } = await makePeople(stack, [
    { firstName: name, isPaid: true, paidAt: new Date(), bitrix24ContactId: contact.id, bitrix24DealId: deal.id },
  ]);
  const userId = users[0]?.id ?? 0;
  // The registration's own deal bears its mark; another one would be taken for a stranger's. No event tells of it.
  Object.assign(stack.portal.deals.get(deal.id) as object, await markOf(stack, userId));
  const portalId = (isDuplicate ? double : kind === "CONTACT_DELETED" ? contact : deal).id;
  if (isDuplicate) await markAsMade(stack, kind, userId, portalId);
  const details = { stageId: "C1:LOSE", code: kind === "STAGE_REFUSED" ? "STAGE_IGNORED" : undefined };
  const { id } = await stack.db.conflict.create({ data: { kind, userId, portalId, details } });
  return { id, name, userId, portalId };
}

/** The worker reads its external id when it first needs it, which may be later than this. */
const markOf = async ({ db }: Pick<Stack, "db">, userId: number) => ({
  originatorId: (await readMarks({ db, env: parseEnv({}) })).own,
  originId: `user-${userId}`,
});

/** Like a record made by a request of ours whose answer came too late. */
async function markAsMade({ db, portal }: Stack, kind: ConflictKind, userId: number, id: number): Promise<void> {
  const mark = await markOf({ db }, userId);
  if (kind === "DUPLICATE_CONTACT") portal.staff.updateContact(id, mark);
  else portal.staff.updateDeal(id, mark);
  await portal.eventsSettled();
  await noteMade(db, userId, kind === "DUPLICATE_CONTACT" ? { contactId: id } : { dealId: id });
}

/** The part of the list that is about this person. */
const about = (page: Page, name: string) => page.getByRole("article").filter({ hasText: name });

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", {
    tag: javaScriptEnabled ? "@stack" : ["@stack", "@desktop"],
  }, () => {
    test.use({ javaScriptEnabled });

    test("a conflict shows both sides, and a decision is carried out", async ({ page, stack }) => {
      const { name, portalId } = await makeConflict(stack, "DEAL_DELETED");
      stack.portal.staff.deleteDeal(portalId);
      await openAsAdmin(page, "/admin/conflicts");

      const one = about(page, name);
      await expect(one.getByRole("heading")).toHaveText("The deal was deleted in Bitrix24");
      await expect(one).toContainText(`The registration is complete with deal ${portalId}.`);
      await expect(one).toContainText(`Deal ${portalId} no longer exists.`);
      await one.getByRole("button", { name: "Create the deal again" }).click();

      await expect(page.getByText("Queued: the missing record will be in Bitrix24 shortly.")).toBeVisible();
      await expect(one).toHaveCount(0);
      const user = () => stack.db.user.findFirstOrThrow({ where: { firstName: name } });
      await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
      expect(stack.portal.deals.get((await user()).bitrix24DealId ?? 0)?.id).toBeGreaterThan(portalId);
    });

    test("where managers merged the deal, an administrator says which one it is", async ({ page, stack }) => {
      const { id, name, portalId } = await makeConflict(stack, "DEAL_DELETED");
      const { staff } = stack.portal;
      const user = () => stack.db.user.findFirstOrThrow({ where: { firstName: name } });
      const contactIds = [(await user()).bitrix24ContactId ?? 0];
      const merged = staff.addDeal({ title: `By phone ${name}`, contactIds });
      const lost = staff.addDeal({ title: `Lost ${name}`, contactIds, stageId: "LOSE" });
      staff.deleteDeal(portalId);
      await openAsAdmin(page, "/admin/conflicts");
      await about(page, name).getByRole("link", { name: "Choose the deal it was merged into…" }).click();

      await expect(page).toHaveURL(`/admin/conflicts/${id}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Which deal is it?");
      await expect(page.getByRole("listitem").filter({ hasText: `By phone ${name}` })).toBeVisible();
      await expect(page.getByText(`Lost ${name}`)).toHaveCount(0);
      if (javaScriptEnabled) expect(await accessibilityViolations(page)).toEqual([]);
      await page.getByRole("button", { name: `Use deal ${merged.id}` }).click();

      await expect(page.getByText("The registration is linked to that deal now.")).toBeVisible();
      await expect(about(page, name)).toHaveCount(0);
      expect((await user()).bitrix24DealId).toBe(merged.id);
      expect([merged.id, lost.id].every((dealId) => stack.portal.deals.has(dealId))).toBe(true);
    });

    test("a deletion asks for confirmation and names the record", async ({ page, stack }) => {
      const { name, portalId } = await makeConflict(stack, "DUPLICATE_DEAL");
      await openAsAdmin(page, "/admin/conflicts");
      const one = about(page, name);
      const remove = one.getByRole("button", { name: `Delete deal ${portalId}` });
      await expect(remove).toBeHidden();

      await one.getByText("Delete the second deal…").click();
      await expect(one).toContainText(`Deal ${portalId} is deleted in Bitrix24`);
      expect(stack.portal.deals.has(portalId)).toBe(true);
      await remove.click();

      await expect(page.getByText("Deleted in Bitrix24.")).toBeVisible();
      expect(stack.portal.deals.has(portalId)).toBe(false);
    });

    test("an administrator who decides too late is told who has decided", async ({ page, stack }) => {
      const { id, name, userId, portalId } = await makeConflict(stack, "DEAL_LOST");
      await openAsAdmin(page, "/admin/conflicts");
      const admin = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
      await stack.db.conflict.update({ where: { id }, data: { resolvedAt: new Date(), resolution: "accept" } });
      const details = { kind: "DEAL_LOST", action: "accept", portalId };
      await stack.db.auditEntry.create({
        data: { actorKind: "USER", actorId: admin.id, action: "conflict.resolve", targetId: userId, details },
      });

      await about(page, name).getByRole("button", { name: "Move the deal to paid" }).click();

      await expect(page.getByRole("alert")).toContainText(
        "Another administrator has already decided, so nothing was done",
      );
      await expect(page.getByRole("alert")).toContainText("Administrator");
      expect(await stack.db.user.findUnique({ where: { id: userId } })).toMatchObject({ isPaid: true });
    });

    test("a conflict whose solution the portal refuses stays open, with the reason", async ({ page, stack }) => {
      const { id, name } = await makeConflict(stack, "DUPLICATE_CONTACT");
      await openAsAdmin(page, "/admin/conflicts");
      const takeBack = stack.portal.fail({ kind: "insufficientScope", method: "crm.item.delete" });
      const one = about(page, name);
      await one.getByText("Delete the second contact…").click();
      await one.getByRole("button", { name: /Delete contact/ }).click();

      await expect(page.getByRole("alert")).toContainText("The webhook lacks a permission.");
      takeBack();
      await expect(one).toBeVisible();
      expect(await stack.db.conflict.findUnique({ where: { id } })).toMatchObject({ resolvedAt: null });
    });

    test("a reconciliation is started, shows its progress, and ends", async ({ page, stack }) => {
      await openAsAdmin(page, "/admin/conflicts");
      // The nightly comparison begins by itself.
      const { id: actorId } = await stack.db.user.findFirstOrThrow({ where: { role: "ADMIN" } });
      const asked = () => stack.db.reconcileRun.count({ where: { actorId } });
      const before = await asked();
      // The queue is paused, so that the comparison waits until the page has shown it.
      await stack.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: "admin" } });
      await page.getByRole("button", { name: "Compare now" }).click();
      await expect(page.getByText("The comparison has started.")).toBeVisible();
      await expect(page.locator("[data-reconciliation]")).toHaveAttribute("data-reconciliation", "running");
      await expect(page.getByText("The queue to Bitrix24 is paused.")).toBeVisible();

      await stack.db.crmPortal.update({ where: { id: 1 }, data: { pausedBy: null } });
      await expect(page.locator("[data-reconciliation]")).toHaveAttribute("data-reconciliation", "idle");
      expect(await asked()).toBe(before + 1);
      await expect(page.locator("[data-reconciliation] li").first()).toContainText("Administrator");
    });

    test("a person's page offers the same decisions, also for a conflict that was left as it is", async ({
      page,
      stack,
    }) => {
      const { userId, name } = await makeConflict(stack, "DEAL_LOST");
      await openAsAdmin(page, `/admin/users/${userId}`);
      const one = page.getByRole("article");
      await expect(one.getByRole("heading")).toHaveText("Paid here, lost in Bitrix24");
      await one.getByRole("button", { name: "Leave it as it is" }).click();
      await expect(page.getByText("Left as it is and taken off the list.")).toBeVisible();

      await page.goto("/admin/conflicts");
      await expect(about(page, name)).toHaveCount(0);
      await page.goto(`/admin/users/${userId}`);
      await expect(one.getByText("Left as it is", { exact: true })).toBeVisible();
      await expect(one.getByRole("button", { name: "Leave it as it is" })).toHaveCount(0);
      await one.getByRole("button", { name: "Mark as not paid here" }).click();
      await expect(page.getByText("Marked as not paid. Both sides agree now.")).toBeVisible();
      await page.goto(`/admin/users/${userId}`);
      await expect(page.locator("[data-paid]")).toHaveAttribute("data-paid", "false");
      // The comparison that follows may find something else about a deal that no registration has made.
      await expect(page.getByRole("heading", { name: "Paid here, lost in Bitrix24" })).toHaveCount(0);
    });
  });

test("it is for administrators only, and bad input is refused without harm", { tag: ["@stack", "@desktop"] }, async ({
  page,
  context,
}) => {
  await page.goto("/admin/conflicts");
  await expect(page).toHaveURL("/login?redirectTo=%2Fadmin%2Fconflicts");
  await register(page);
  expect((await page.goto("/admin/conflicts"))?.status()).toBe(403);
  const post = async (form: Record<string, string>) =>
    (await context.request.post("/admin/conflicts", { form })).status();
  expect(await post({ intent: "compare" })).toBe(403);

  await context.clearCookies();
  await openAsAdmin(page, "/admin/conflicts?before=yesterday");
  await expect(page.getByText("Part of this page's address was not understood and was ignored.")).toBeVisible();
  await page.goto("/admin/conflicts?before=1");
  await expect(page.getByText("This page is empty")).toBeVisible();
  expect(await post({ conflict: "3000000000", action: "dismiss" })).toBe(400);
  expect(await post({ conflict: "999999999", action: "dismiss" })).toBe(404);
  expect(await post({ conflict: "1", action: "explode" })).toBe(400);
  expect(await post({})).toBe(400);
});

for (const [width, locale, colorScheme] of [
  [320, "ru-RU", "light"],
  [320, "en-GB", "dark"],
  [1280, "ru-RU", "dark"],
  [1280, "en-GB", "light"],
] as const)
  test.describe(`${width} pixels wide, ${locale}, ${colorScheme}`, { tag: ["@stack", "@desktop"] }, () => {
    test.use({ locale, colorScheme, viewport: { width, height: 800 } });

    test("conflicts have no accessibility violations and need no scrolling sideways", async ({ page, stack }) => {
      // Conflicts of earlier specs would only make the page longer.
      await stack.db.conflict.deleteMany();
      const long = "Аннаистасиямарияелизавета".repeat(3);
      const { userId } = await makeConflict(stack, "DUPLICATE_DEAL", long);
      for (const kind of kinds) await makeConflict(stack, kind, long);
      await stack.db.reconcileRun.create({
        data: { finishedAt: new Date(), counts: { compared: 1_234_567, changed: 8_901, repaired: 234 } },
      });
      await page.goto("/login");
      await page.locator("[name=email]").fill(administrator.email);
      await page.locator("[name=password]").fill(administrator.password);
      await page.locator("main form button[type=submit]").click();
      await expect(page).toHaveURL("/account");
      for (const path of ["/admin/conflicts", `/admin/users/${userId}`]) {
        await page.goto(path);
        for (const summary of await page.locator("article summary").all()) await summary.click();
        expect(await accessibilityViolations(page), path).toEqual([]);
        expect(await overflow(page), path).toBeLessThanOrEqual(0);
      }
    });
  });
