-- Filters of the administration's lists that administrators have given a name.
CREATE TABLE "SavedView" (
  "id" SERIAL PRIMARY KEY,
  "userId" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "list" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "query" TEXT NOT NULL,
  "isShared" BOOLEAN NOT NULL DEFAULT false,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX "SavedView_userId_list_idx" ON "SavedView" ("userId", "list");
CREATE INDEX "SavedView_shared_idx" ON "SavedView" ("list") WHERE "isShared";

-- With which view a list opens for an administrator.
CREATE TABLE "DefaultView" (
  "userId" INTEGER NOT NULL REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "list" TEXT NOT NULL,
  "viewId" INTEGER NOT NULL REFERENCES "SavedView" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY ("userId", "list")
);

CREATE INDEX "DefaultView_viewId_idx" ON "DefaultView" ("viewId");

CREATE TRIGGER "SavedView_not_erased" BEFORE INSERT ON "SavedView" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
CREATE TRIGGER "DefaultView_not_erased" BEFORE INSERT ON "DefaultView" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
