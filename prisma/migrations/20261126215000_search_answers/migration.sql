-- Answers to questions of the owner's own are found like names. jsonb writes them as one text, with keys, brackets and line
-- breaks as \n: a word of an answer is found in it, and that suffices. The expression of a generated column cannot be changed
-- before PostgreSQL 17: the column is made anew.
DROP INDEX "User_searchText_idx";
ALTER TABLE "User" DROP COLUMN "searchText";
ALTER TABLE "User" ADD COLUMN "searchText" text NOT NULL GENERATED ALWAYS AS
  (translate(
    lower(normalize("email" || ' ' || "firstName" || ' ' || coalesce("lastName", '') || ' ' || "phone" || ' ' ||
      coalesce("company", '') || ' ' || jsonb_path_query_array("answers", '$.*')::text, NFC)),
    E'ё\u2018\u2019\u201b\u02bc\u02bb\u02b9\u2032`\u00b4\uff07«»\u201c\u201d\u201e\u2033\uff02\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff',
    E'е''''''''''''''''''''"""""""-------')) STORED;
CREATE INDEX "User_searchText_idx" ON "User" USING gin ("searchText" gin_trgm_ops);
