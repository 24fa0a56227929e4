import type { AppLoadContext } from "@remix-run/node";
import { type Attention, readAttention } from "~server/statistics/attention";

/** The counts of the menu, or null if they could not be read: the menu is then shown without them. */
export async function menuAttention({ services, requestId }: AppLoadContext): Promise<Attention | null> {
  try {
    return await readAttention(services);
  } catch (error) {
    services.log.warn({ err: error, requestId }, "the counts of the menu could not be read: it is shown without them");
    return null;
  }
}
