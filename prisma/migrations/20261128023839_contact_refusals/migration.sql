-- How often the portal has turned down the change of the contact. `attempts` also counts records that could not be read.
ALTER TABLE "CrmCorrection" ADD COLUMN "contactRefusals" INTEGER NOT NULL DEFAULT 0;
