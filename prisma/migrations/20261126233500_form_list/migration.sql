-- The list of people filtered by form, newest first, as the one filtered by source.
create index "User_formId_createdAt_id_idx" on "User" ("formId", "createdAt" desc, id desc);
