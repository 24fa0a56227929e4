import { StringDecoder } from "node:string_decoder";

/**
 * The lines of a stream of bytes, ended by line feeds alone. Node's readline also ends them at U+2028 and at a carriage
 * return, which people's texts may hold.
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
