import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestServices, type TestServices } from "../test/services";
import { copyPerson } from "./own-data";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.drop());

test("a copy tells the form, the product with its price, the state with its reasons, and what advertising was told", async () => {
  const { db } = services;
  const form = await db.form.create({ data: { slug: "spring", name: "Spring course", definition: {} } });
  const { id } = await makeUser(db, {
    formId: form.id,
    crmState: "HELD",
    holds: ["review"],
    crmProduct: { id: 1777, name: "Course", priceUsd: 99.5 },
    crmSale: { dealId: 7001, currency: "USD", amount: 99.5, rows: [{ productId: 1777, price: 99.5, quantity: 1 }] },
    crmError: "FOREIGN_MARK",
    crmContactBy: "phone",
    bitrix24ContactId: 3001,
  });
  const made = { system: "yandex", kind: "add", name: "paid", count: 1 };
  const { id: exportId } = await db.conversionExport.create({ data: made });
  const paidAt = new Date("2026-05-01T10:00:00Z");
  const conversion = { userId: id, system: "yandex", clickId: "c1", isClick: true, paidAt, cents: 9_950n, exportId };
  await db.conversion.create({ data: conversion });

  const own = { actor: { kind: "USER", id, role: "USER" } as const, userId: id };
  const copy = await copyPerson(services, { ...own, forAdministrator: false });
  expect(JSON.parse(JSON.stringify(copy))).toMatchObject({
    person: {
      form: { slug: "spring", name: "Spring course" },
      product: { name: "Course", priceUsd: 99.5 },
      sold: { currency: "USD", amount: 99.5, rows: [{ price: 99.5, quantity: 1 }] },
      registrationState: "pending",
      waitsFor: ["review"],
      handedOver: false,
    },
    toldToAdvertising: [{ system: "yandex", clickId: "c1", amountUsd: 99.5 }],
  });
  // Whether the phone was a customer's, and the portal's numbers, are for administrators.
  expect(JSON.stringify(copy)).not.toMatch(/FOREIGN_MARK|contactFoundBy|3001|7001/);
  const full = await copyPerson(services, { actor: await makeAdmin(db), userId: id, forAdministrator: true });
  expect(full.person).toMatchObject({ lastFailure: "FOREIGN_MARK", contactFoundBy: "phone", bitrix24ContactId: 3001 });
});
