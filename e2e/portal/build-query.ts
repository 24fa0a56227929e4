type Leaf = string | number | boolean | null;
export type Params = { [name: string]: Leaf | Params | (Leaf | Params)[] };

/** What PHP's `http_build_query` makes of it: brackets, 1 and 0 for booleans, and neither nulls nor empty lists. */
export function buildQuery(params: Params | (Leaf | Params)[], prefix = ""): string {
  const pairs = Object.entries(params).map(([key, value]): string => {
    const name = prefix ? `${prefix}[${key}]` : key;
    if (value === null) return "";
    if (typeof value === "object") return buildQuery(value, name);
    return `${encode(name)}=${encode(typeof value === "boolean" ? String(Number(value)) : String(value))}`;
  });
  return pairs.filter(Boolean).join("&");
}

function encode(text: string): string {
  const encoded = encodeURIComponent(text).replaceAll("%20", "+");
  return encoded.replace(/[!'()*~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
