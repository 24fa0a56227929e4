import type { HeadersFunction } from "@remix-run/node";

/** For routes whose action answers with a header of its own (Retry-After): Remix drops it from a page unless told. */
export const actionHeaders: HeadersFunction = ({ actionHeaders, errorHeaders }) => errorHeaders ?? actionHeaders;
