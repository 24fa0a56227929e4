-- Of the time before this was kept: registrations under way whose last product row was sent without an answer about it.
-- Apart from the new column, whose lock keeps even readers waiting.
UPDATE "User" u SET "crmRowUncertain" = true
WHERE u."crmState" <> 'SYNCED' AND u."bitrix24DealId" IS NOT NULL AND (
  (u."crmInFlightUntil" IS NOT NULL AND coalesce(u."crmError", '') NOT IN ('BAD_ANSWER', 'PRODUCT_REPLACED'))
  OR (
    SELECT l."outcome" = 'UNKNOWN' AND coalesce(l."code", '') NOT IN ('BAD_ANSWER', 'PRODUCT_REPLACED') FROM "CrmLog" l
    WHERE l."userId" = u."id" AND l."method" IN ('crm.item.productrow.set', 'crm.item.productrow.add')
    ORDER BY l."id" DESC LIMIT 1
  )
);
