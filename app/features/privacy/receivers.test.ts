import { expect, test } from "vitest";
import { locales } from "~server/platform/locales";
import type { PrivacySettings } from "~server/privacy/settings";
import { receivers } from "./receivers";
import { privacyTexts } from "./texts";

const settings: PrivacySettings = {
  operator: { name: null, address: null, email: null },
  policy: null,
  eraseMode: "anonymise",
  sendsMail: true,
  holdsUntilConfirmed: false,
  tellsManagers: false,
  tellsPrograms: false,
  sendsToPrograms: false,
  days: { withdrawn: 30, unconfirmed: 0, unpaid: 0, log: 0, audit: 0 },
};

test.each(locales)(
  "the privacy page (%s) names everyone who gets people's data before it says that nobody else does",
  (locale) => {
    const { where: m, what } = privacyTexts[locale];
    const said = receivers(m, settings).filter(Boolean);
    expect(said.at(-1)).toBe(m.nobody);
    expect(said.at(-2)).toMatch(/Google/);
    expect(said.at(-2)).toMatch(/Yandex|Яндекс/);
    expect(said).not.toContain(m.managers);
    expect(receivers(m, { ...settings, tellsManagers: true })).toContain(m.managers);
    expect(what.fields("")).toMatch(/answers|ответы/);
    expect(what.origin).toMatch(/click|клик/);
  },
);

test.each(locales)(
  "the privacy page (%s) says that steps which made a record stay as long as the details",
  (locale) => {
    expect(privacyTexts[locale].long.log(90)).toMatch(
      /90 (days|дней)\. .*(as long as your details|сколько ваши данные)\.$/,
    );
  },
);
