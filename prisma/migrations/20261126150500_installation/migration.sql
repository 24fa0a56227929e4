-- What tells this installation's records on the portal from those of others. The row is made at the first start, not here:
-- a migrated template that is copied must not give its part to every copy.

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "part" TEXT NOT NULL,
    "marks" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    "heldMarks" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- Whether a contact is ours or was linked.

-- AlterTable
ALTER TABLE "User" ADD COLUMN "crmContactBy" TEXT;
