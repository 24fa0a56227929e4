import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Does for many callers at once what each of them asks for: those that ask while an earlier lot is in work wait for the
 * next. Nobody waits for company, so one that is alone loses no time. `work` returns the answers in the order of the
 * questions; if it fails, it fails for all of the lot.
 */
export function gather<Question, Answer>(
  work: (lot: Question[]) => Promise<Answer[]>,
  { most }: { most: number },
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
      try {
        const answers = await work(lot.map(({ question }) => question));
        for (const [index, { resolve }] of lot.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of lot) reject(error);
      }
    }
    isWorking = false;
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!isWorking) void workAll();
    });
}
