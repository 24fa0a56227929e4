-- Each person who is erased asks whether a contact was made for one who was erased before. Erasures are kept for ever.
CREATE INDEX "Erasure_made_contacts_idx" ON "Erasure" USING gin (("made" -> 'contacts') jsonb_path_ops);
