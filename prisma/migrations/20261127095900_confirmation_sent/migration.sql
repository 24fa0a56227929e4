-- When a mail last asked the person to confirm the present address. Who registered while nobody was asked has not failed to do so.
ALTER TABLE "User" ADD COLUMN "confirmationSentAt" TIMESTAMPTZ(3);
