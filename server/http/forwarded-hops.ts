/** What one proxy says in a `Forwarded` (RFC 7239): by its parameters' names in lower case. */
export type Hop = Partial<Record<string, string>>;

/**
 * Many times what a chain of proxies writes. A visitor may send as much as all headers together may have, for the proxies to
 * add their entries to, and reading all of that would keep every other visitor waiting.
 */
const longestRead = 2_000;

/**
 * The entries of so many proxies, the nearest last. They are read from the header's end, where proxies add them: what a visitor
 * has put before them, such as a quotation mark that does not close, or more than is read, must not hide them.
 */
export function forwardedHops(header: string, proxies: number): Hop[] {
  const entries: string[] = [];
  const first = Math.max(0, header.length - longestRead);
  let end = header.length;
  let inQuotes = false;
  for (let at = end - 1; at >= first && entries.length < proxies; at--) {
    if (header[at] === '"') inQuotes = !inQuotes || isEscaped(header, at);
    if (inQuotes || (at > 0 && header[at] !== ",")) continue;
    const entry = header.slice(header[at] === "," ? at + 1 : at, end);
    end = at;
    if (entry.trim() !== "") entries.unshift(entry);
  }
  return entries.map(hopOf);
}

/** Within quotation marks a backslash stands before a mark that is meant itself, and before another backslash. */
function isEscaped(header: string, at: number): boolean {
  let backslashes = 0;
  while (header[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

/** A semicolon within quotation marks parts nothing: proxies repeat the host there that the visitor names. */
const parameters = /(?:"(?:[^"\\]|\\.)*"|[^";])+/g;

const hopOf = (entry: string): Hop =>
  Object.fromEntries(
    (entry.match(parameters) ?? []).flatMap((pair) => {
      const [name = "", ...more] = pair.split("=");
      const value = more
        .join("=")
        .trim()
        .replace(/^"(.*)"$/, "$1");
      return value ? [[name.trim().toLowerCase(), value]] : [];
    }),
  );
