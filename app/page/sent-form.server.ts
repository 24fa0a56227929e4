/** Where a form was sent, with what its address says. */
export function addressOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

/** What a form says in texts, but for the names that are left out; files do not come along. */
export const textsOf = (
  form: Iterable<[string, FormDataEntryValue]>,
  isLeftOut: (name: string) => boolean,
): [name: string, value: string][] =>
  [...form].flatMap<[string, string]>(([name, value]) =>
    typeof value === "string" && !isLeftOut(name) ? [[name, value]] : [],
  );
