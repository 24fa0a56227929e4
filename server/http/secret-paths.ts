import { percentDecoded } from "../platform/percent";

/** First segments of pages whose second segment is a mailed secret. */
const secretPages = ["reset", "confirm"];

/** The page, if the path contains a secret, in any spelling: Remix treats `/Reset/x` and `/%72eset/x` alike. */
export function secretPage(path: string): string | undefined {
  const [first = "", next] = path.split("/").filter(Boolean);
  return next === undefined ? undefined : secretPages.find((page) => page === decoded(first).toLowerCase());
}

/** A segment of a path; as it is if it cannot be decoded. */
export const decoded = (text: string): string => percentDecoded(text) ?? text;
