import { PortalError } from "../protocol/errors";
import type { World } from "../world";
import { titleOf } from "./titles";

/** Lengths in characters by the portal's documentation (crm/field-length-limits); all other columns hold the usual. */
const usualLength = 255;
const lengths: Record<string, number> = {
  ...named(50, "name lastName secondName stageId sourceId typeId currencyId industry employees"),
  ...named(100, "locationId"),
  ...named(128, "honorific"),
  ...named(250, "PHONE EMAIL WEB IM LINK"),
  ...named(256, "productName"),
  ...named(600, "utmSource utmMedium utmCampaign utmContent utmTerm"),
};

function named(length: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name) => [name, length]));
}

const fourBytes = /[\u{10000}-\u{10ffff}]/u;

/** Cuts what is too long, without an error, or refuses it, as the switch says. */
function clip(world: World, text: string, name: string, title: string): string {
  const length = lengths[name] ?? usualLength;
  const characters = [...text];
  if (characters.length <= length) return text;
  const { switches } = world.settings;
  if (switches.longTexts === "refused")
    throw new PortalError("BX_INVALID_VALUE", world.sentences.tooLong(title, length));
  return characters.slice(0, length).join("");
}

/** What a database that knows three bytes of UTF-8 makes of a character of four. @throws PortalError where it is strict */
export function storable(world: World, text: string): string {
  const { fourByteText } = world.settings.switches;
  if (fourByteText === "stored" || !fourBytes.test(text)) return text;
  if (fourByteText === "cut") return text.slice(0, text.search(fourBytes));
  if (fourByteText === "questionMarks") return text.replace(new RegExp(fourBytes, "gu"), "????");
  throw new PortalError("ERROR_CORE", "SQL query error!", 500);
}

/** A text as this column keeps it. @throws PortalError where the portal refuses what is too long */
export function column(
  world: World,
  text: string,
  name: string,
  title = titleOf(name, world.settings.language),
): string {
  return clip(world, storable(world, text), name, title);
}
