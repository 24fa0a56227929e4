type Value<Name> = (name: Name) => string | undefined;

/**
 * What has changed between the time at which a page was shown and now, and is not what the page wants: `theirs` is as the page
 * showed it, so that nothing was typed there; of `overtaken` something else was typed.
 */
export function threeWay<Name extends string>(
  names: Name[],
  { shown, wanted, now }: Record<"shown" | "wanted" | "now", Value<Name>>,
): { theirs: Name[]; overtaken: Name[] } {
  const changed = names.filter((name) => now(name) !== shown(name) && now(name) !== wanted(name));
  const isTouched = (name: Name) => wanted(name) !== shown(name);
  return { theirs: changed.filter((name) => !isTouched(name)), overtaken: changed.filter(isTouched) };
}
