-- People of a restored backup whom the replaced database knew as erased: they are erased again. A restore makes this table
-- before the migrations of an older backup do.
CREATE TABLE IF NOT EXISTS "ErasureDue" (
  "userId" INTEGER PRIMARY KEY REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE OR REPLACE TRIGGER "ErasureDue_not_erased" BEFORE INSERT ON "ErasureDue" FOR EACH ROW EXECUTE FUNCTION refuse_for_erased();
