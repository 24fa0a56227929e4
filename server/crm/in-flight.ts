import type { Services } from "../services";

/** Not before `earliest`, nor before the person's request in flight can no longer take effect. */
export async function afterInFlight(db: Services["db"], userId: number, earliest: number): Promise<Date> {
  const { crmInFlightUntil } = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { crmInFlightUntil: true },
  });
  return new Date(Math.max(earliest, Date.now(), crmInFlightUntil?.getTime() ?? 0));
}
