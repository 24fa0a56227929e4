import { expect, test } from "vitest";
import { plannedChanges, type SettingTexts } from "../settings/change";
import { startCrm } from "../test/crm";
import { reviewSettings } from "./review";

async function site() {
  const { services } = await startCrm();
  const options = [{ value: "Large", label: { en: "Large", ru: "Большой" } }];
  const question = { key: "size", kind: "choice", label: { en: "Size", ru: "Размер" }, options };
  await services.db.form.update({ where: { id: 1 }, data: { definition: { items: [{ question }] } } });
  await services.forms.reload();
  return async (texts: SettingTexts) => {
    const changes = await plannedChanges(services, texts);
    return reviewSettings(services, { group: "letters", texts, changes, locale: "en" });
  };
}

test("mails and messages are previewed with answers, each in its language", async () => {
  const review = await site();
  const text = "Size: {answer.size}";
  const texts = { welcomeTextRu: text, welcomeTextEn: text, managerTextEn: text, responsibleTextEn: text };
  const { problems, letters } = await review({ ...texts, managerLanguage: "en", responsibleLanguage: "en" });
  expect(problems).toEqual({});
  expect(letters?.map((letter) => letter.text)).toEqual(["Size: Большой", "Size: Large", "Size: Large", "Size: Large"]);
});

test("a text that names an answer to no question is refused beside its field", async () => {
  const review = await site();
  const { problems } = await review({
    welcomeSubjectEn: "Your {answer.size}",
    managerTextRu: "{answer.size} {answer.sise}",
    responsibleTextRu: "{answer.colour}",
  });
  expect(problems).toEqual({
    managerTextRu: "No form has a question sise.",
    responsibleTextRu: "No form has a question colour.",
  });
});
