import { decoded } from "./secret-paths";

/** Whether the path has something below these segments, which Remix takes in each spelling: `/API/x`, `/%61pi/x`. */
const isBelow = (path: string, segments: string[]): boolean => {
  const [, ...written] = path.split("/");
  return (
    written.length > segments.length &&
    segments.every((segment, place) => decoded(written[place] ?? "").toLowerCase() === segment)
  );
};

/** Whether programs call that address. */
export const isApi = (path: string): boolean => isBelow(path, ["api"]);

/** Whether it is the tRPC interface, whose errors and batches have a form of their own. */
export const isTrpc = (path: string): boolean => isBelow(path, ["api", "trpc"]);
