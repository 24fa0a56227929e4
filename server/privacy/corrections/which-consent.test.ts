import { expect, test } from "vitest";
import { processingKind } from "../../consents/kinds";
import { givenConsent } from "../../consents/record";
import { readCorrection } from "../../corrections/corrections";
import { after, arrived, before, change, contactOf, haveTheirTurn, own, settled } from "../../test/corrections";
import { type CrmHarness, startCrm } from "../../test/crm";
import { withdrawConsent } from "../consents";

const agree = ({ services }: CrmHarness, userId: number, kinds: string[]) =>
  services.db.consent.createMany({ data: kinds.map((kind) => ({ userId, ...givenConsent("ru", kind) })) });

test("a consent to something else does not let changed details go whose processing is withdrawn", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  await agree(crm, id, [processingKind, "ads"]);
  await withdrawConsent(crm.services, own(id));
  await change(crm, id, after);
  await haveTheirTurn(crm);
  expect(await readCorrection(crm.services, id)).toMatchObject({ state: "pending", waitsFor: "consent" });
  expect(await contactOf(crm, id)).toMatchObject({ name: before.firstName });
});

test("who never gave the consent to the processing, and withdraws another one, is corrected at once", async () => {
  const crm = await startCrm();
  crm.newWorker().start();
  const id = await arrived(crm);
  await agree(crm, id, ["ads"]);
  await withdrawConsent(crm.services, { ...own(id), kind: "ads" });
  await change(crm, id, after);
  expect(await readCorrection(crm.services, id)).toMatchObject({ waitsFor: null });
  await settled(crm, id);
  expect(await contactOf(crm, id)).toMatchObject({ name: after.firstName });
});
