import type { Flags } from "lighthouse";
import { makePeople, openAsAdmin } from "./admin-people";
import { test as base, expect, perWorker } from "./fixtures";
import { type AuditedBrowser, openAuditedBrowser } from "./lighthouse";

const test = base.extend<object, { audited: AuditedBrowser }>({
  audited: [
    async ({ stack }, use) => {
      const audited = await openAuditedBrowser(stack.baseURL);
      await use(audited);
      await audited.close();
    },
    perWorker,
  ],
});

// One browser for all of them.
test.describe.configure({ mode: "default" });

/** Nothing here is a matter of time (`npm run bench -- lighthouse` is), so nothing is waited for or slowed down. */
const untimed: Flags = {
  throttlingMethod: "provided",
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 0,
  cpuQuietThresholdMs: 0,
  disableFullPageScreenshot: true,
  skipAboutBlank: true,
};

for (const path of ["/", "/register", "/login"])
  test(`${path} is accessible, sound and can be found, each by 100 of 100`, { tag: ["@stack", "@desktop"] }, async ({
    audited,
  }) => {
    await audited.context.clearCookies();
    const verdict = await audited.audit(path, ["accessibility", "best-practices", "seo"], untimed);
    expect(verdict.faults).toEqual([]);
    expect(verdict.scores).toEqual({ accessibility: 100, "best-practices": 100, seo: 100 });
  });

// Not the pages that ask for news by themselves: Lighthouse waits three quarters of a minute for their network to rest.
for (const path of ["/admin/users", "/admin/users/ID", "/admin/settings", "/admin/audit"])
  test(`${path} is accessible and sound, each by 95 of 100 at least`, { tag: ["@stack", "@desktop"] }, async ({
    audited,
    stack,
  }) => {
    const { users } = await makePeople(stack, [{ isPaid: true }]);
    const address = path.replace("ID", String(users[0]?.id));
    const page = await audited.context.newPage();
    await openAsAdmin(page, address);
    await page.close();
    const { scores, faults } = await audited.audit(address, ["accessibility", "best-practices"], untimed);
    expect(scores.accessibility, faults.join("\n")).toBeGreaterThanOrEqual(95);
    expect(scores["best-practices"], faults.join("\n")).toBeGreaterThanOrEqual(95);
  });
