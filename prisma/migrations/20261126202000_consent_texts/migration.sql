-- Consents in the owner's own words: which ones the form asks for, every wording, and who changed what.

-- CreateTable
CREATE TABLE "ConsentKind" (
    "key" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "required" BOOLEAN NOT NULL,
    "retired" BOOLEAN NOT NULL,
    "version" TEXT,

    CONSTRAINT "ConsentKind_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "ConsentWording" (
    "kind" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "label" JSONB NOT NULL,
    "text" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ConsentWording_pkey" PRIMARY KEY ("kind", "version")
);

-- CreateTable
CREATE TABLE "ConsentChange" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" "ActorKind" NOT NULL,
    "actorId" INTEGER,
    "changes" JSONB NOT NULL,
    "undoes" INTEGER,

    CONSTRAINT "ConsentChange_pkey" PRIMARY KEY ("id")
);

-- What Prisma's schema language cannot say.

-- People have agreed to a wording: it can be replaced by a later one, and never be changed.
CREATE FUNCTION keep_wording() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a wording that people may have agreed to is never changed';
END $$;

CREATE TRIGGER "ConsentWording_keep" BEFORE UPDATE OR DELETE ON "ConsentWording" FOR EACH ROW EXECUTE FUNCTION keep_wording();

-- Consents of one kind only: those of the processing decide about a registration, and there are others beside them.
CREATE INDEX "Consent_userId_kind_id_idx" ON "Consent"("userId", "kind", "id" DESC);
