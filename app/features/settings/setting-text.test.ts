import { expect, test } from "vitest";
import { settingText } from "~/features/settings/setting-text";

test("a map of fields is told with the quotation marks and the words of the language", () => {
  const map = "text:A=deal.additionalInfo, consent_version=deal.UF_CRM_VERSION";
  const told = (locale: "en" | "ru") => settingText("fields", map, locale);
  expect(told("en")).toBe("“A” → deal.additionalInfo; Consent: version of its text → deal.UF_CRM_VERSION");
  expect(told("ru")).toBe("«A» → deal.additionalInfo; Согласие: редакция → deal.UF_CRM_VERSION");
});
