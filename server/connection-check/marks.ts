import { Bitrix24Error } from "../bitrix24/transport/error";
import { findUnknownMarks } from "../identity/unknown-marks";
import { type Check, check, refused } from "./check";
import type { Asked, CheckDeps } from "./questions";

/**
 * Whether the portal holds records with our external id that this database does not know: another installation uses the
 * same id, or the database has lost people. Without a database the id is unknown.
 */
export async function marks({ bitrix24, db }: CheckDeps, answers: Asked["marks"]): Promise<Check> {
  if (!db) return check("marks", "skip");
  try {
    const { elsewhere, lost } = await findUnknownMarks({ bitrix24, db }, answers);
    if (elsewhere.length + lost.length === 0) return check("marks", "ok");
    return check("marks", "fail", {
      ...(elsewhere[0] ? { elsewhere: elsewhere.length, mark: elsewhere[0].originatorId } : {}),
      ...(lost.length > 0 ? { lost: lost.length } : {}),
    });
  } catch (error) {
    if (error instanceof Bitrix24Error) return refused("marks", error, "warn");
    throw error;
  }
}
