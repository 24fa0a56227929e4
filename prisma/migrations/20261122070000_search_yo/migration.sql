-- Names are written with ё or е as people please, so a search must take the one for the other.

-- The expression of a generated column cannot be changed before PostgreSQL 17: the column is made anew.
DROP INDEX "User_searchText_idx";
ALTER TABLE "User" DROP COLUMN "searchText";
ALTER TABLE "User" ADD COLUMN "searchText" text NOT NULL GENERATED ALWAYS AS
  (replace(lower("email" || ' ' || "firstName" || ' ' || coalesce("lastName", '') || ' ' || "phone"), 'ё', 'е')) STORED;
CREATE INDEX "User_searchText_idx" ON "User" USING gin ("searchText" gin_trgm_ops);
