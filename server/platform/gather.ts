import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

interface GatherOptions {
  /** How many questions a lot may have. */
  most: number;
  /**
   * How long a lot in work holds up the next one, in milliseconds. Left out: until it is done, whatever holds it. Where work
   * may wait for something that concerns one question only, others must not wait for it in turn.
   */
  patienceMs?: number;
}

/**
 * Does for many callers at once what each of them asks for: those that ask while an earlier lot is in work wait for the
 * next. Nobody waits for company, so one that is alone loses no time. `work` returns the answers in the order of the
 * questions; if it fails, it fails for all of the lot.
 */
export function gather<Question, Answer>(
  work: (lot: Question[]) => Promise<Answer[]>,
  { most, patienceMs }: GatherOptions,
): (question: Question) => Promise<Answer> {
  interface Asked {
    question: Question;
    resolve: (answer: Answer) => void;
    reject: (error: unknown) => void;
  }
  let waiting: Asked[] = [];
  let isWorking = false;

  async function workAll(): Promise<void> {
    isWorking = true;
    // Requests that arrived together are read one after another within a turn.
    await nextTurn();
    while (waiting.length > 0) {
      const lot = waiting.slice(0, most);
      waiting = waiting.slice(most);
      const done = answer(lot);
      await (patienceMs === undefined ? done : within(patienceMs, done));
    }
    isWorking = false;
  }

  /** Never rejects: each of the lot is told. */
  async function answer(lot: Asked[]): Promise<void> {
    try {
      const answers = await work(lot.map(({ question }) => question));
      for (const [index, { resolve }] of lot.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of lot) reject(error);
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!isWorking) void workAll();
    });
}

async function within(milliseconds: number, done: Promise<void>): Promise<void> {
  const waited = new AbortController();
  const enough = sleep(milliseconds, undefined, { signal: waited.signal, ref: false }).catch(() => {});
  await Promise.race([done, enough]);
  waited.abort();
}
