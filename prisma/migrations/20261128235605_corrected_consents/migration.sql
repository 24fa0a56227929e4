-- Further consents that were given or withdrawn since the portal's fields were filled with them.
ALTER TABLE "CrmCorrection" ADD COLUMN "consents" TEXT[] NOT NULL DEFAULT '{}';
