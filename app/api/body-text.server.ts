import { notJson } from "~server/trpc/errors";

/** The text of a body in UTF-8, as the RFC of JSON requires; other bytes are refused, not guessed. Throws INVALID. */
export async function bodyText(request: Request): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await request.arrayBuffer());
  } catch (cause) {
    throw notJson(cause);
  }
}
