import { expect, test } from "vitest";
import { noConsents } from "./consent-places";
import type { PendingCorrection } from "./pending";
import { dealChanges } from "./plan";

test("a comment of nothing but beginnings of marks is read once, and not anew from each of them", () => {
  const details = { firstName: "Anna", lastName: null, company: null, email: "a@example.com", phone: "+79251234567" };
  const person = { ...details, phoneExtension: null };
  const correction: PendingCorrection = {
    ...{
      userId: 1,
      told: [person],
      consents: [],
      waits: null,
      now: { ...person, phone: "+79257654321" },
      locale: "en",
      leftOut: [],
    },
    ...{ changedAt: new Date(), revision: 1, attempts: 0, contactRefusals: 0, busyUntil: null, sharedWith: [] },
    ...{ contactId: 1, contactBy: null, madeHere: false, dealId: 1, formId: null },
  };
  // As many as would take minutes.
  const deal = { id: 1, title: "Deal", comments: "<".repeat(300_000) };
  const plan = { left: ["phone" as const], tooLong: [], mapped: [], consents: noConsents, notes: [], timeZone: "UTC" };
  const changes = dealChanges(deal as never, correction, plan);
  expect(changes).toEqual({ fields: {}, isFull: true });
});
