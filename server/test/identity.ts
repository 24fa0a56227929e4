import type { Db } from "../database/db";
import { questionOf } from "../identity/question";

interface Asked {
  /** The address of the portal that answers. */
  host?: string;
  at?: Date;
}

/** Asks which portal, or which database, this is, as an inspection does that finds another one. */
export async function askIdentity(
  db: Db,
  kind: "portal" | "database",
  { host = "https://another.example", at = new Date() }: Asked = {},
): Promise<void> {
  const sample = { asked: 3, ours: 0, foreign: 3, missing: 0 };
  const question = questionOf(kind, kind === "portal" ? "host" : "home", { host, sample });
  const asked = { question, questionAt: at };
  await db.installation.upsert({ where: { id: 1 }, create: { id: 1, part: "abcdefghjkm2", ...asked }, update: asked });
}
