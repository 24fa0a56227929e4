-- The owner's pictures. Their address is their digest, so that a browser may keep them for ever.
CREATE TABLE "Picture" (
    "digest" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Picture_pkey" PRIMARY KEY ("digest"),
    CONSTRAINT "Picture_digest_check" CHECK ("digest" = encode(sha256("bytes"), 'hex'))
);
