import { hashPassword } from "../server/auth/password";
import { makePeople, openAsAdmin } from "./admin-people";
import { expect, test } from "./fixtures";
import { signIn } from "./people";

test.use({ locale: "en-US" });

const image = `<img src="x" onerror="document.title='taken over'">`;
const script = "</script><script>document.title='taken over'</script>";
const link = "javascript:document.title='taken over'";
const marks = [image, script, link].map((text) => text.slice(0, 100));

/** Past the form, which would refuse it: what an import, an older release or another program may have stored. */
test("markup in whatever people typed is text on every page that shows it", { tag: ["@stack", "@desktop"] }, async ({
  page,
  stack,
}) => {
  const password = "correct horse battery";
  const { list, users } = await makePeople(stack, [
    {
      firstName: image,
      lastName: script,
      company: link,
      source: image,
      campaign: script,
      passwordHash: await hashPassword(password),
    },
  ]);
  const { id = 0, email = "" } = users[0] ?? {};
  const touch = { utm_source: image, utm_campaign: script, referrer: link, landing: `/${image}` };
  await stack.db.attribution.create({ data: { userId: id, first: touch, last: touch } });
  await stack.db.session.create({
    data: { id: `markup-${id}`, userId: id, userAgent: image, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  await stack.db.signIn.create({ data: { userId: id, userAgent: script, address: "203.0.113.1" } });

  const isText = async (path: string, shown: boolean) => {
    await page.goto(path);
    if (shown) await expect(page.getByText(image).filter({ visible: true }).first(), path).toBeVisible();
    const html = await (await page.request.get(path)).text();
    for (const mark of marks.slice(0, 2)) expect(html, path).not.toContain(mark);
    expect(await page.locator("img[onerror], a[href^='javascript:' i]").count(), path).toBe(0);
    expect(await page.title(), path).not.toContain("taken over");
  };
  await openAsAdmin(page, "/admin");
  for (const path of [list, `/admin/users/${id}`]) await isText(path, true);
  for (const path of [
    `/admin/users/${id}/rights`,
    `/admin/users?q=${encodeURIComponent(image)}`,
    `/admin/users?source=${encodeURIComponent(image)}`,
    `/admin?from=${encodeURIComponent(script)}`,
    `/bitrix24-test?userId=${id}`,
  ])
    await isText(path, false);

  await page.context().clearCookies();
  await page.goto("/login");
  await signIn(page, { email, password });
  await expect(page).toHaveURL("/account");
  await isText("/account", true);
  await isText("/account/data", true);
  await isText(`/login?redirectTo=${encodeURIComponent(link)}`, false);

  // Out of the counts and the list of sources that other specs of this stack look at.
  await stack.db.user.delete({ where: { id } });
});
