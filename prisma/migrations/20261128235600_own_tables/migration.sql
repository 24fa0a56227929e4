-- The triggers of this table find by the session's search path where they write. SQL by hand may have another one: in a database
-- of several installations it would have another one's webhooks and mails tell of the person who has the same number there.
CREATE FUNCTION refuse_foreign_path() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(quote_ident(TG_TABLE_NAME)) IS DISTINCT FROM TG_RELID::regclass THEN
    RAISE EXCEPTION 'the search path does not lead to %.%', quote_ident(TG_TABLE_SCHEMA), quote_ident(TG_TABLE_NAME)
      USING HINT = format('Begin with: set search_path = %I', TG_TABLE_SCHEMA), ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  RETURN NULL;
END $$;

-- Before the triggers of each row, and once for a statement.
CREATE TRIGGER "User_foreign_path" BEFORE INSERT OR UPDATE OR DELETE ON "User"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_foreign_path();
