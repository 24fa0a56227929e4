-- A source by which an export was limited may have been typed by hand, or hold the address of the person to whom a link was
-- sent, and these entries outlast the person's erasure. That there was such a limit is told as a search is.
UPDATE "AuditEntry" SET "details" = "details" - 'source' || '{"searched": true}'
WHERE "action" = 'users.export' AND "details" ->> 'source' <> '(none)';
