import { type Clock, startClock } from "./clock";
import { perWorker, test } from "./fixtures";
import { type Stack, startStack } from "./stack";

interface Options {
  env?: Record<string, string>;
  /** Done to the stack before the first test of a worker. */
  prepare?: (stack: Stack) => void;
}

/**
 * The test of specs that change the whole site, or its time: their file has a stack of its own, apart from that of
 * other specs.
 */
export function testOnOwnStack(name: string, { env = {}, prepare }: Options = {}) {
  // One worker for the file: with several, each would start a server, a browser and a database for a few tests.
  test.describe.configure({ mode: "default" });
  return test.extend<{ clock: Clock }, { owned: Stack }>({
    owned: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
      async ({}, use, { workerIndex }) => {
        const stack = await startStack(`${name}-${workerIndex}`, { env });
        try {
          prepare?.(stack);
          await use(stack);
        } finally {
          await stack.stop();
        }
      },
      perWorker,
    ],
    stack: [({ owned }, use) => use(owned), { scope: "worker" }],
    /** Only here: other specs would find what they keep an hour older. */
    clock: async ({ owned, page, javaScriptEnabled }, use) => use(await startClock(owned, page, javaScriptEnabled)),
  });
}
