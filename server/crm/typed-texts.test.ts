import { expect, test } from "vitest";
import { type CrmHarness, startCrm } from "../test/crm";

const arrived = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

test.each([
  ["Выиграй на https://casino.example", "Иванова", "Иванова — "],
  ["Анна", "t.me/casino", "Анна — "],
  ["Пиши @casino_bot", null, "Регистрация "],
  ["casino", ".ru", "Регистрация "],
  ["[url=//casino.example]Приз[/url]", "+7 999 000-00-00", "Регистрация "],
  ["Sankt", "St.John", "Sankt St.John — "],
])(
  "the name %s %s of a list or a program does not advertise in the deal's title, and stays with the contact",
  async (firstName, lastName, title) => {
    const harness = await startCrm();
    const id = await harness.register({ firstName, lastName });
    harness.newWorker().start();
    await arrived(harness);
    const [deal] = harness.portal.deals.values();
    expect(deal?.title).toContain(title === "Регистрация " ? `Регистрация ${id} — ` : title);
    expect(deal?.title).not.toMatch(/casino|t\.me|999/);
    expect([...harness.portal.contacts.values()]).toMatchObject([{ name: firstName, lastName: lastName ?? "" }]);
  },
);

test("the digits behind a switchboard's number stand in the deal's comment, and the number alone with the contact", async () => {
  const harness = await startCrm();
  const { portal, services } = harness;
  const id = await harness.register({ phone: "+74951234567" });
  await services.db.user.update({ where: { id }, data: { phoneExtension: "012", company: "Acme", locale: "en" } });
  harness.newWorker().start();
  await arrived(harness);
  expect([...portal.deals.values()]).toMatchObject([{ comments: "Company: Acme\nPhone extension: 012" }]);
  const [contact] = portal.contacts.values();
  expect(contact?.fm.map(({ value }) => value)).toEqual(["person1@example.com", "+74951234567"]);
});

test("a contact whose international address a manager wrote in letters is found", async () => {
  const harness = await startCrm();
  const response = await fetch(`${harness.webhookUrl}crm.item.add`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      entityTypeId: 3,
      fields: { name: "Иван", fm: [{ typeId: "EMAIL", valueType: "WORK", value: "Ivan@Почта.рф" }] },
    }),
  });
  const { result } = (await response.json()) as { result: { item: { id: number } } };
  const id = await harness.register({ email: "ivan@xn--80a1acny.xn--p1ai" });
  harness.newWorker().start();
  await arrived(harness);
  const user = await harness.services.db.user.findUniqueOrThrow({ where: { id } });
  expect(user.bitrix24ContactId).toBe(result.item.id);
  expect([...harness.portal.contacts.keys()]).toEqual([result.item.id]);
});
