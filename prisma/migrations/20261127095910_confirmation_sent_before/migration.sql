-- Of the time before this was kept, only the mails of the last day are known, and the registrations that wait for a confirmation.
-- Apart from the new column, whose lock keeps even readers waiting: this reads all people.
UPDATE "User" u SET "confirmationSentAt" = c."sentAt" FROM "EmailConfirmation" c
WHERE c."userId" = u."id" AND c."purpose" = 'confirm' AND c."sentAt" IS NOT NULL AND c."email" = u."email" AND u."emailConfirmedAt" IS NULL;

UPDATE "User" SET "confirmationSentAt" = "createdAt"
WHERE "confirmationSentAt" IS NULL AND "emailConfirmedAt" IS NULL AND 'email' = ANY("holds");
