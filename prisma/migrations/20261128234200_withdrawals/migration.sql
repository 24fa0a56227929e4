-- Who has withdrawn a consent, newest first: a page of the administration lists them in this order.
CREATE INDEX "Consent_withdrawn_idx" ON "Consent" ("withdrawnAt" DESC, "userId" DESC) WHERE "withdrawnAt" IS NOT NULL;
