-- The product and price of the deal that was sent for this person. After a change of settings a retry gives the deal the row of
-- the same product. Null: no deal was sent yet, or before this was kept.
ALTER TABLE "User" ADD COLUMN "crmProduct" JSONB;
