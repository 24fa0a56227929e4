import { PortalError } from "../protocol/errors";
import type { World } from "../world";

const columnLength = 255;
const fourBytes = /[\u{10000}-\u{10ffff}]/u;

/** Text columns cut what is too long, without an error. */
function clip(text: string): string {
  return text.length <= columnLength ? text : [...text].slice(0, columnLength).join("");
}

/** What a database that knows three bytes of UTF-8 makes of a character of four. @throws PortalError where it is strict */
export function storable(world: World, text: string): string {
  const { fourByteText } = world.settings.switches;
  if (fourByteText === "stored" || !fourBytes.test(text)) return text;
  if (fourByteText === "cut") return text.slice(0, text.search(fourBytes));
  if (fourByteText === "questionMarks") return text.replace(new RegExp(fourBytes, "gu"), "????");
  throw new PortalError("ERROR_CORE", "SQL query error!", 500);
}

/** A text as a column of limited length keeps it. */
export function column(world: World, text: string): string {
  return clip(storable(world, text));
}
