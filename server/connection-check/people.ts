import { z } from "zod";
import { anything } from "../bitrix24/responses";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { isNo } from "../bitrix24/yes-no";
import { type Check, check, refused } from "./check";
import { type Asked, type CheckDeps, type Read, readOutcome } from "./questions";

const statuses = z.array(z.object({ STATUS_ID: z.coerce.string() }));
const users = z.array(z.object({ ID: z.coerce.number(), ACTIVE: anything }));

export function source({ env }: CheckDeps, read: Read): Check {
  const wanted = env.BITRIX24_SOURCE_ID;
  const list = read("sources", statuses);
  if (list instanceof Bitrix24Error) return refused("source", list, "warn");
  // Many portals accept an unknown source silently, so this may not stop registrations.
  return check("source", list.some(({ STATUS_ID }) => STATUS_ID === wanted) ? "ok" : "warn", { source: wanted });
}

/**
 * The portal returns users page by page. A webhook that may not read users may still have valid ids. A responsible
 * person whom the portal rejects is skipped, so none of them stops a registration.
 */
export function responsible({ env }: CheckDeps, asked: Asked): Check {
  const ids = env.BITRIX24_ASSIGNED_BY_IDS;
  if (ids.length === 0) return check("responsible", "skip");
  const pages = asked.users.map((outcome) => readOutcome("user.get", outcome, users));
  const untold = pages.find((page): page is Bitrix24Error => page instanceof Bitrix24Error);
  if (untold) return refused("responsible", untold, "warn");
  const known = pages.flatMap((page) => (page instanceof Bitrix24Error ? [] : page));
  const active = new Set(known.filter(({ ACTIVE }) => !isNo(ACTIVE)).map(({ ID }) => ID));
  const missing = ids.filter((id) => !active.has(id));
  return missing.length > 0
    ? check("responsible", "warn", { missing: missing.join(", ") })
    : check("responsible", "ok");
}
