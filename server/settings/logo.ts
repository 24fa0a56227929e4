import { createHash } from "node:crypto";
import type { Actor } from "../audit/actor";
import { logoText } from "../platform/logo";
import { type PictureFault, readPicture } from "../platform/picture";
import type { Services } from "../services";
import { type SavedSettings, saveSettings } from "./change";

type Deps = Pick<Services, "db" | "env" | "settings">;

/**
 * Makes the picture the site's logo, as a change of settings. Returns that change, or why the bytes are refused. Throws as
 * saveSettings does; the picture is then kept without a use.
 */
export async function setLogo(
  services: Deps,
  { actor, bytes, seen }: { actor: Actor; bytes: Uint8Array; seen: number },
): Promise<SavedSettings | { fault: PictureFault }> {
  const picture = readPicture(bytes);
  if ("fault" in picture) return { fault: picture.fault };
  const digest = createHash("sha256").update(bytes).digest("hex");
  // Twice the same picture is one row.
  await services.db.picture.createMany({
    data: [{ digest, type: picture.type, bytes: new Uint8Array(bytes) }],
    skipDuplicates: true,
  });
  return saveSettings(services, { actor, texts: { logo: logoText(digest, picture) }, seen });
}

/** Goes back to the name alone. The picture stays, so that this can be undone. */
export const removeLogo = (services: Deps, change: { actor: Actor; seen: number }): Promise<SavedSettings> =>
  saveSettings(services, { ...change, texts: { logo: "" } });

/** A stored picture, also of an earlier logo: pages that were loaded before the change still show it. */
export const findPicture = ({ db }: Pick<Services, "db">, digest: string) =>
  db.picture.findUnique({ where: { digest }, select: { type: true, bytes: true } });
