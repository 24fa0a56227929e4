import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { readQueue } from "~server/statistics/overview";
import { eventually } from "~server/test/eventually";
import { makeUser } from "~server/test/factories";

let app: ApiApp;
let headers: Awaited<ReturnType<typeof makeCast>>["headers"];
/** How often the queue's row was read, by whomever. */
let readings = 0;

beforeAll(async () => {
  app = await startApiApp();
  ({ headers } = await makeCast(app.services));
  // A client that counts, in the place of the plain one: the pages' shared reading goes through it.
  app.services.db = app.services.db.$extends({
    query: {
      crmPortal: {
        findUniqueOrThrow({ args, query }) {
          readings++;
          return query(args);
        },
      },
    },
  }) as unknown as typeof app.services.db;
});

afterAll(() => app.stop());

/** Opens a stream and collects the pending counts that it tells. */
async function watch() {
  const stop = new AbortController();
  const answer = await app.fetch("/api/trpc/live.queue", {
    headers: { ...headers.admin, accept: "text/event-stream" },
    signal: stop.signal,
  });
  const pending: number[] = [];
  const ended = (async () => {
    let text = "";
    for await (const part of (answer.body as unknown as AsyncIterable<Uint8Array>) ?? []) {
      text += new TextDecoder().decode(part);
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^data: (\{"pending".*)$/m.exec(event)?.[1];
        if (data) pending.push(JSON.parse(data).pending);
      }
    }
  })().catch(() => {});
  return { pending, stop: () => stop.abort(), ended };
}

test("a stream tells the state at once, then its changes; many streams cost one reading, and none once they are gone", async () => {
  const before = (await readQueue(app.services)).pending;
  const streams = await Promise.all(Array.from({ length: 20 }, watch));
  await eventually(() => expect(streams.map(({ pending }) => pending)).toEqual(streams.map(() => [before])));
  expect(readings).toBeLessThan(10);

  await makeUser(app.services.db);
  await eventually(() => expect(streams.map(({ pending }) => pending.at(-1))).toEqual(streams.map(() => before + 1)));

  for (const { stop } of streams) stop();
  await Promise.all(streams.map(({ ended }) => ended));
  // A reading that still went on would serve a newcomer at once, without a reading for them.
  await eventually(async () => {
    const last = readings;
    const newcomer = await watch();
    await eventually(() => expect(newcomer.pending).toHaveLength(1));
    newcomer.stop();
    await newcomer.ended;
    expect(readings).toBeGreaterThan(last);
  });
});
