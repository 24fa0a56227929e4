import type { Tx } from "../database/db";
import { isZoneKnown } from "../database/known-zone";
import type { SettingTexts } from "./change";
import type { Words } from "./definitions";

const words: Words = {
  en: "The database does not know this name. Try another name of the same zone, such as Europe/Kyiv or Europe/Kiev.",
  ru: "База данных не знает такого названия. Попробуйте другое название того же пояса: Europe/Kyiv или Europe/Kiev.",
};

/** What is wrong with a time zone that passed its check by Node: the statistics are counted by PostgreSQL. */
export async function zoneProblem({ db }: { db: Tx }, { timeZone = "" }: SettingTexts): Promise<Words | null> {
  const zone = timeZone.trim();
  return zone === "" || (await isZoneKnown(db, zone)) ? null : words;
}
