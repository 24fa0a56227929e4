import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ask } from "./ask";

/** The answer to a question at a terminal at which these keys are pressed, and what the terminal shows. */
async function pressing(keys: string) {
  const [input, output] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: true })];
  const answer = ask("Go on? ", { input, output });
  input.write(keys);
  const said = await answer;
  output.end();
  return { said, shown: await text(output) };
}

test("a question is answered by a line", async () => {
  const { said, shown } = await pressing(" yes \r");
  expect(said).toBe("yes");
  expect(shown).toContain("Go on? ");
  expect(shown.match(/\n/g)).toHaveLength(1);
});

test.each([
  ["Ctrl-C", "\x03"],
  ["Ctrl-D", "\x04"],
  ["Ctrl-C behind letters", "ye\x03"],
])("%s at a question is no answer, and the next words begin on a new line", async (_, keys) => {
  const { said, shown } = await pressing(keys);
  expect(said).toBe("");
  expect(shown).toMatch(/\n$/);
});

test("the end of what is piped in is no answer", async () => {
  const input = new PassThrough();
  input.end();
  expect(await ask("Go on? ", { input, output: new PassThrough() })).toBe("");
});
