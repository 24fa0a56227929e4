import type { FieldRule } from "../../platform/field-map";
import { changedFields } from "./contact-changes";
import type { PendingCorrection } from "./pending";

/** A field of the portal that the settings fill with a detail of the person. */
export interface MappedPlace {
  /** The detail. */
  source: string;
  /** As managers see it. */
  label: string;
}

/**
 * The rules of the settings that wrote a detail which has changed since. A contact that was there before the
 * registration got none of its fields from them.
 */
export function mappedPlaces({ told, now, madeHere }: PendingCorrection, rules: FieldRule[]): FieldRule[] {
  const changed = new Set<string>(changedFields(told, now));
  if (extensionChanged({ told, now })) changed.add("phoneExtension");
  return rules.filter(({ source, entity }) => changed.has(source) && (entity === "deal" || madeHere));
}

export const extensionChanged = ({ told, now }: Pick<PendingCorrection, "told" | "now">): boolean =>
  told.some((before) => (before.phoneExtension ?? null) !== (now.phoneExtension ?? null));
