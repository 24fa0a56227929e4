import type { Logger } from "../platform/log";
import { plainText } from "./deal-comment";
import type { PortalField } from "./sent-fields";
import { clipText, maxFieldLength } from "./transport/safe-text";

const maxDescriptionLength = 4_000;

/**
 * The visit's values besides UTM tags, for the deal: each in the field that the administrator has configured for it,
 * the rest in the source description, one line each.
 */
export function visitFields(visit: Record<string, string>, places: Record<string, string>): Record<string, string> {
  const texts = new Map<string, string[]>();
  const append = (field: string, text: string) => texts.set(field, [...(texts.get(field) ?? []), text]);
  for (const [name, value] of Object.entries(visit)) {
    const place = places[name];
    // A single-line field may cut the text, and a truncated click id is useless.
    if (place && value.length <= maxFieldLength) append(place, clipText(value).text);
    else append("sourceDescription", `${name}: ${plainText(value)}`);
  }
  return Object.fromEntries(
    [...texts].map(([field, lines]) => [field, clipText(lines.join("\n"), maxDescriptionLength).text]),
  );
}

/**
 * Maps the configured field names, as `UF_CRM_…` or `ufCrm…`, to the portal's own names. These cannot be computed, so a
 * field that the portal does not describe is left out, and its values are written to the source description.
 * `described`: the deal's fields, null if the portal does not return them.
 */
export function visitPlaces(
  markFields: Record<string, string>,
  described: PortalField[] | null,
  log: Logger,
): Record<string, string> {
  const named = Object.entries(markFields);
  const places = named.flatMap(([mark, field]): [string, string][] => {
    const known = described?.find(({ name, upperName }) => name === field || upperName === field.toUpperCase());
    return known ? [[mark, known.name]] : [];
  });
  if (places.length < named.length)
    log.warn(
      { fields: Object.values(markFields) },
      "the portal does not describe every field that BITRIX24_MARK_FIELDS names",
    );
  return Object.fromEntries(places);
}
