-- Whether a key's body was hashed as it would be stored. Earlier releases hashed its compatibility form, in which № is No and ﬁ is fi:
-- their keys, and those that their processes still write, are recognised by that form for as long as they are kept.
ALTER TABLE "RegistrationKey" ADD COLUMN "isExact" BOOLEAN NOT NULL DEFAULT false;
