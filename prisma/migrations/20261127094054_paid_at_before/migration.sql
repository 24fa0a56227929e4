-- The day of payment that a change to unpaid takes away, so that an undo puts the true one back.
ALTER TABLE "PaymentChange" ADD COLUMN "paidAtBefore" TIMESTAMPTZ(3);
