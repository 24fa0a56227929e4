-- How a list is read is chosen in its preview, so it belongs to the run: encoding, what each column is, zone of its times.
ALTER TABLE "ImportRun" ADD COLUMN "reading" JSONB;
