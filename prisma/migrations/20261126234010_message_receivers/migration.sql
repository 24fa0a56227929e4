-- To whom a message in the portal went. Alone, since a new notice locks its own table first and its person after.
ALTER TABLE "PersonNotice" ADD COLUMN "receiver" INTEGER;
