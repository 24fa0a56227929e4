import { StringDecoder } from "node:string_decoder";

/**
 * Splits a stream of bytes at line feeds only. Node's readline also splits at U+2028 and at carriage returns, which
 * people's texts may contain.
 */
export async function* splitLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== "") yield rest;
}
