import { randomInt } from "node:crypto";
import type { Marks } from "../bitrix24/marks";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "env">;

/** Without letters and digits that look alike: support reads the part out over the phone. */
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz";
const partLength = 12;

/** A new random part for the external id, so that no other installation has the same. */
export const newPart = (): string =>
  Array.from({ length: partLength }, () => alphabet[randomInt(alphabet.length)]).join("");

/** What this database writes, and has written, as ORIGINATOR_ID. Its own part is created at the first call. */
export async function readMarks({ db, env }: Deps): Promise<Marks> {
  const legacy = env.BITRIX24_ORIGINATOR_ID;
  const { part, marks, heldMarks } = (await find(db)) ?? (await make(db));
  const own = `${legacy}-${part}`;
  // Saved before its first use: after a change of BITRIX24_ORIGINATOR_ID it is still known as ours.
  if (!marks.includes(own))
    await db.$executeRaw`
      update "Installation" set "marks" = array_append("marks", ${own}) where "id" = 1 and not ${own} = any("marks")`;
  const former = marks.filter((mark) => mark !== own && !heldMarks.includes(mark));
  return { own, former, held: heldMarks, legacy };
}

const find = (db: Deps["db"]) => db.installation.findUnique({ where: { id: 1 } });

/** Several processes may start at the same time: the first part is kept. */
async function make(db: Deps["db"]) {
  await db.$executeRaw`insert into "Installation" ("id", "part") values (1, ${newPart()}) on conflict do nothing`;
  return db.installation.findUniqueOrThrow({ where: { id: 1 } });
}
