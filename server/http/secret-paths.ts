/** First segments of pages whose next segment is a secret that was mailed. */
const secretPages = ["reset", "confirm"];

/** The page, if the path is one that holds a secret, however it is spelt: Remix reads `/Reset/x` and `/%72eset/x` alike. */
export function secretPage(path: string): string | undefined {
  const [first = "", next] = path.split("/").filter(Boolean);
  return next === undefined ? undefined : secretPages.find((page) => page === decoded(first).toLowerCase());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
