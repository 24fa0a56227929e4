-- When an erased person's message, which has to be taken back, was last attempted.
ALTER TABLE "Erasure" ADD COLUMN "toldAt" TIMESTAMPTZ(3);
