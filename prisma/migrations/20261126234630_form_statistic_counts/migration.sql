-- The counts of the time before, where there is more to tell apart than the first form. In a migration of its own, since
-- counting all people takes long with many of them: writes wait for it, reads go on.
SELECT count_statistics_in("zone") FROM "StatisticZone" WHERE EXISTS (SELECT 1 FROM "User" WHERE "formId" > 1);
