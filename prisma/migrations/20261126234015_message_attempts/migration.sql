-- Rows of attempted messages stay, so what happened lately is found by an index. Alone, so that notices can be read meanwhile.
CREATE INDEX "PersonNotice_attemptedAt_idx" ON "PersonNotice"("attemptedAt");
