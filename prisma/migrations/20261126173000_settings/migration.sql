-- What administrators have set on the settings pages, as text, like a variable of the environment. No row: the default.
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- Every change of settings, written in its transaction.
CREATE TABLE "SettingChange" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" "ActorKind" NOT NULL,
    "actorId" INTEGER,
    "changes" JSONB NOT NULL,
    "undoes" INTEGER,

    CONSTRAINT "SettingChange_pkey" PRIMARY KEY ("id")
);
