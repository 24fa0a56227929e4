import { afterAll, beforeAll, expect, test } from "vitest";
import { dataTexts } from "~/features/account/data-texts";
import { signInTexts } from "~/features/account/sign-in-texts";
import { accountTexts } from "~/features/account/texts";
import { locales } from "~/i18n/locale";
import * as account from "~/routes/account";
import * as accountData from "~/routes/account_.data";
import * as reset from "~/routes/reset.$token";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { tokenHash } from "~server/platform/token-hash";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;

beforeAll(async () => {
  const env = { APP_URL: "http://localhost:3000", BITRIX24_PRICE_USD: "0" };
  app = await startApiApp(env, pageBuild({ account, "account/data": accountData, "reset/:token": reset }));
});
afterAll(() => app.stop());

/** What a person reads on a page of theirs; the row of the database is made with these columns. */
async function open(path: string, language: string, columns: Parameters<typeof makeUser>[1]): Promise<string> {
  const { id } = await makeUser(app.services.db, columns);
  const cookie = await sessionCookieOf(app.services, id);
  const page = await app.fetch(path, { headers: { cookie, "accept-language": language } });
  const html = (await page.text()).replace(/<script[\s\S]*?<\/script>/g, "");
  return html.replaceAll("&#x27;", "'").replaceAll("<!-- -->", "");
}

test.each(locales)(
  "who waits because the portal removed their deals is not told that they were received (%s)",
  async (locale) => {
    const { synced, failed } = accountTexts[locale].crm;
    const arrived = { crmState: "SYNCED", bitrix24ContactId: 5, bitrix24DealId: 7 } as const;
    expect(await open("/account", locale, arrived)).toContain(synced.text);
    const page = await open("/account", locale, { ...arrived, crmError: "DEAL_REMOVED" });
    expect(page).toContain(failed.text);
    expect(page).not.toContain(synced.text);
  },
);

test.each(locales)(
  "who registers for nothing is not asked for money, unless their deal had a price (%s)",
  async (locale) => {
    const { free, unpaid, unpaidText, paid } = accountTexts[locale];
    const page = await open("/account", locale, {});
    expect(page).toContain(free);
    expect(page).not.toContain(unpaid);
    expect(page).not.toContain(unpaidText);
    const crmProduct = { id: 1777, name: "Course", priceUsd: 49 };
    const charged = await open("/account", locale, { crmProduct });
    expect(charged).toContain(unpaidText);
    expect(charged).not.toContain(free);
    expect(await open("/account", locale, { isPaid: true, paidAt: new Date() })).toContain(paid);
  },
);

test.each(locales)(
  "an administrator who withdraws consent does not read that everything is then erased (%s)",
  async (locale) => {
    const { erase, consent } = dataTexts[locale];
    expect(await open("/account/data", locale, {})).toContain(consent.after(30));
    const page = await open("/account/data", locale, { role: "ADMIN" });
    expect(page).not.toContain(consent.after(30));
    expect(page.split(erase.admin)).toHaveLength(3);
  },
);

test.each(locales)(
  "an administrator reads before setting a new password by mail that API tokens end with it (%s)",
  async (locale) => {
    const { resetTokens } = signInTexts[locale];
    const open = async (role: "ADMIN" | "USER") => {
      const { id: userId } = await makeUser(app.services.db, { role });
      const expiresAt = new Date(Date.now() + 3_600_000);
      await app.services.db.passwordReset.create({ data: { id: tokenHash(`${locale}-${role}`), userId, expiresAt } });
      return (await app.fetch(`/reset/${locale}-${role}`, { headers: { "accept-language": locale } })).text();
    };
    expect(await open("ADMIN")).toContain(resetTokens);
    expect(await open("USER")).not.toContain(resetTokens);
  },
);
