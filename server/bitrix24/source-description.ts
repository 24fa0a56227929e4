import { plainText } from "./deal-comment";
import { clipText } from "./transport/safe-text";

const maxLength = 4_000;

/**
 * The visit's values besides UTM tags that stand in no field of the deal: one line each. A field of the contact does not
 * count, since a contact that existed before is not changed.
 */
export function sourceDescription(visit: Record<string, string>, told: ReadonlySet<string>) {
  const lines = Object.entries(visit).flatMap(([name, value]) =>
    told.has(name) ? [] : [`${name}: ${plainText(value)}`],
  );
  return lines.length > 0 ? { sourceDescription: clipText(lines.join("\n"), maxLength).text } : {};
}
