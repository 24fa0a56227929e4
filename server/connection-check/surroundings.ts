import { z } from "zod";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { holdsUntilConfirmed } from "../confirmation/confirmation";
import { isCasedSql } from "../database/server-fits";
import { isLastEventRefused } from "../deal-sync/event-times";
import { canMail, checkMail } from "../platform/mail";
import { type Check, check, refused } from "./check";
import type { CheckDeps, Read } from "./questions";

const maxClockSkewSeconds = 60;

export function clock(read: Read): Check {
  const time = read("time", z.string());
  if (time instanceof Bitrix24Error) return refused("clock", time, "warn");
  const skew = Math.round(Math.abs(Date.parse(time) - Date.now()) / 1000);
  return check("clock", skew <= maxClockSkewSeconds ? "ok" : "warn", { seconds: skew });
}

/** A new outgoing webhook on the portal has a new token: all its events are refused, and changes there come late. */
export async function events({ env, db }: Pick<CheckDeps, "env" | "db">): Promise<Check> {
  if (!env.BITRIX24_EVENT_TOKEN) return check("events", "warn");
  return db && (await isLastEventRefused({ db })) ? check("events", "warn", { refused: 1 }) : check("events", "ok");
}

/**
 * Without mail, addresses cannot be confirmed, nor passwords be reset. That is a warning, unless registrations wait until the
 * address is confirmed: then none reaches the portal.
 */
export async function mail({ env }: Pick<CheckDeps, "env">): Promise<Check> {
  if (!env.SMTP_URL) return check("mail", canMail(env) ? "ok" : "warn", { log: 1 });
  const answer = await checkMail(env);
  if (answer === "ok") return check("mail", "ok");
  const smtp = String(answer);
  return holdsUntilConfirmed(env) ? check("mail", "fail", { smtp, held: 1 }) : check("mail", "warn", { smtp });
}

/** Searches and lists compare names by the database's own rules. */
export async function database({ db }: Pick<CheckDeps, "db">): Promise<Check> {
  if (!db) return check("database", "skip");
  const [row] = await db.$queryRawUnsafe<{ isCased: boolean }[]>(`select ${isCasedSql} as "isCased"`);
  return check("database", row?.isCased ? "ok" : "warn");
}
