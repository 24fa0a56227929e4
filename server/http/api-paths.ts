import { decoded } from "./secret-paths";

/** Whether programs call that address, as Remix reads it: `/API/users` and `/%61pi/users` are `/api/users`. */
export const isApi = (path: string): boolean => /^\/api\//i.test(decoded(path));

/** Whether it is the tRPC interface, whose errors and batches have a form of their own. */
export const isTrpc = (path: string): boolean => /^\/api\/trpc\//i.test(decoded(path));
