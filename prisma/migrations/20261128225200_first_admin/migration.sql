-- Addresses of which ADMIN_EMAIL has made an administrator. A restore makes this table before the migrations of an older backup
-- do.
CREATE TABLE IF NOT EXISTS "FirstAdmin" (
  "addressHash" TEXT PRIMARY KEY,
  "notedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
