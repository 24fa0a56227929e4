import type { Logger } from "../platform/log";
import { plainText } from "./deal-comment";
import type { PortalField } from "./sent-fields";
import { clipText, maxFieldLength } from "./transport/safe-text";

const maxDescriptionLength = 4_000;

/**
 * What is known of the visit beside UTM marks, for the deal: each in the field that the administrator has named for it, the
 * rest in the description of the source, a line for each.
 */
export function visitFields(visit: Record<string, string>, places: Record<string, string>): Record<string, string> {
  const texts = new Map<string, string[]>();
  const append = (field: string, text: string) => texts.set(field, [...(texts.get(field) ?? []), text]);
  for (const [name, value] of Object.entries(visit)) {
    const place = places[name];
    // A field of one line may be cut, and a click id is of use only whole.
    if (place && value.length <= maxFieldLength) append(place, clipText(value).text);
    else append("sourceDescription", `${name}: ${plainText(value)}`);
  }
  return Object.fromEntries(
    [...texts].map(([field, lines]) => [field, clipText(lines.join("\n"), maxDescriptionLength).text]),
  );
}

/**
 * The portal's own names of the fields that the administrator has named, as `UF_CRM_…` or `ufCrm…`. They cannot be computed, so
 * what the portal does not describe is left out, and its marks stand in the description of the source. `described`: the deal's
 * fields, null where the portal does not tell.
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
