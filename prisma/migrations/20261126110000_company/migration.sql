ALTER TABLE "User" ADD COLUMN "company" TEXT;

-- The expression of a generated column cannot be changed before PostgreSQL 17: the column is made anew.
DROP INDEX "User_searchText_idx";
ALTER TABLE "User" DROP COLUMN "searchText";
ALTER TABLE "User" ADD COLUMN "searchText" text NOT NULL GENERATED ALWAYS AS
  (replace(lower("email" || ' ' || "firstName" || ' ' || coalesce("lastName", '') || ' ' || "phone" || ' ' ||
    coalesce("company", '')), 'ё', 'е')) STORED;
CREATE INDEX "User_searchText_idx" ON "User" USING gin ("searchText" gin_trgm_ops);
