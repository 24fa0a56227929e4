import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { queueTexts } from "~/features/queue/texts";
import { type Locale, locales } from "~/i18n/locale";
import * as queuePage from "~/routes/admin.crm";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { running } from "~server/queue/circuit-breaker";
import { makeAdmin } from "~server/test/factories";
import { cookiesOf } from "~server/test/sign-in";

let app: ApiApp;
let cookie: string;

beforeAll(async () => {
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild({ "admin/crm": queuePage }));
  cookie = cookiesOf([await startSession(app.services, (await makeAdmin(app.services.db)).id, null)]);
});
afterAll(() => app.stop());
beforeEach(async () => {
  const { db } = app.services;
  await db.installation.deleteMany();
  await db.reconcileRun.deleteMany();
  await db.crmPortal.update({ where: { id: 1 }, data: { ...running, workerSeenAt: new Date() } });
});

/** What the administrator reads of the queue. */
async function shown(locale: Locale): Promise<string> {
  const page = await app.fetch("/admin/crm", { headers: { cookie, "accept-language": locale } });
  return (await page.text()).replace(/<script[\s\S]*?<\/script>/g, "").replaceAll("<!-- -->", "");
}

const pause = (pauseCode: string) =>
  app.services.db.crmPortal.update({
    where: { id: 1 },
    data: { pausedBy: "breaker", pausedAt: new Date(), pauseCode },
  });

/** The state whose words stand on the page. */
const statesOn = (page: string, locale: Locale) =>
  Object.entries(queueTexts[locale].states).flatMap(([state, { text }]) => (page.includes(text) ? [state] : []));

test.each(locales)("a queue that tries nobody is not said to try one at a time (%s)", async (locale) => {
  for (const code of ["UNFIT_PRODUCT", "UNFIT_DEMANDS", "PORTAL_CHANGED"]) {
    await pause(code);
    expect(statesOn(await shown(locale), locale), code).toEqual(["untried"]);
  }
  for (const code of ["DEAL_REMOVED", "SOMETHING_NEW"]) {
    await pause(code);
    expect(statesOn(await shown(locale), locale), code).toEqual(["breaker"]);
  }
});

test("a queue that waits for a comparison, or for an answer about the portal, is not said to send at once", async () => {
  const { db } = app.services;
  expect(statesOn(await shown("en"), "en")).toEqual(["running"]);
  const { id } = await db.reconcileRun.create({ data: {} });
  const where = { id: 1 };
  const compareFirst = { compareFirst: id };
  await db.installation.upsert({ where, create: { part: "own", ...compareFirst }, update: compareFirst });
  for (const locale of locales) {
    const page = await shown(locale);
    expect(statesOn(page, locale)).toEqual(["waiting"]);
    expect(page).toContain(queueTexts[locale].comparing);
  }
  await db.crmPortal.update({ where, data: { pausedBy: "admin", pausedAt: new Date() } });
  expect(statesOn(await shown("en"), "en")).toEqual(["admin"]);
  await db.crmPortal.update({ where, data: running });
  const sample = { asked: 1, ours: 0, foreign: 0, missing: 1 };
  const question = { kind: "portal", change: "records", host: "other.example", sample };
  await db.installation.update({ where, data: { compareFirst: null, question, questionAt: new Date() } });
  const page = await shown("en");
  expect(statesOn(page, "en")).toEqual(["waiting"]);
  expect(page).toContain(queueTexts.en.asked.portal);
});

test.each([
  ["en", "resume the queue"],
  ["ru", "возобновите очередь"],
] as const)("what an administrator is told to press is what the button says (%s)", async (locale, told) => {
  for (const code of ["DEAL_REMOVED", "UNFIT_DEMANDS"]) {
    await pause(code);
    const page = await shown(locale);
    expect(page, code).toContain(told);
    expect(page, code).toContain(`>${queueTexts[locale].resume}<`);
  }
});
