import { writeFieldMap } from "../platform/field-map";
import type { Services } from "../services";

/**
 * Notes at a start the map that the environment gives, unless it is known: a later environment has another one, and what was
 * sent by this one stands on the portal. Maps of the settings page and of forms are in their histories.
 */
export async function noteEnvironmentMap({ db, env }: Pick<Services, "db" | "env">): Promise<void> {
  const text = writeFieldMap(env.BITRIX24_MARK_FIELDS);
  if (text === "") return;
  await db.$executeRaw`
    insert into "EnvironmentFieldMap" ("text")
    select ${text} where not exists (select 1 from "EnvironmentFieldMap" where "text" = ${text})`;
}
