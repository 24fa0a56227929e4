import type { LetterKind } from "../platform/letter-template";
import type { Services } from "../services";
import { isWanted } from "./notice-kinds";
import { claimNotice, dropUnwanted, letterOf, recordNotice, waitingKinds } from "./person-notices";

type Deps = Pick<Services, "db" | "env" | "forms" | "log" | "mail">;

/** Sends mails about people, apart from the worker: a mail server that hangs must not hold up the queue. */
export class NoticeSender {
  readonly #deps: Deps;
  readonly #lanes = new Map<LetterKind, Promise<void>>();
  #stopping = false;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Starts a lane for each kind that has mails to send and no lane. */
  async startDue(): Promise<void> {
    for (const kind of await waitingKinds(this.#deps)) {
      if (this.#stopping || this.#lanes.has(kind)) continue;
      if (!isWanted(this.#deps.env, kind)) {
        await dropUnwanted(this.#deps, kind);
        continue;
      }
      const lane = this.#run(kind)
        .catch((err: unknown) => this.#deps.log.warn({ err, kind }, "mails about people could not be sent"))
        .finally(() => this.#lanes.delete(kind));
      this.#lanes.set(kind, lane);
    }
  }

  /** Until nothing is due any more, or the mail server refuses. */
  async runDue(): Promise<void> {
    await this.startDue();
    await Promise.all(this.#lanes.values());
  }

  /** Lets the attempts that are under way end; no other one begins. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#lanes.values());
  }

  async #run(kind: LetterKind): Promise<void> {
    const deps = this.#deps;
    while (!this.#stopping) {
      const notice = await claimNotice(deps, kind);
      if (!notice) return;
      const letter = await letterOf(deps, notice);
      if (!letter) {
        await recordNotice(deps, notice, "OFF");
        continue;
      }
      const { to, subject, text } = letter;
      const sent = await deps.mail.send({
        to,
        subject,
        text: `${text}\n`,
        id: `${kind}-${notice.id}`,
        isPersonal: true,
      });
      await recordNotice(deps, notice, sent ? null : "REFUSED");
      if (sent) continue;
      deps.log.warn({ kind, userId: notice.userId, attempt: notice.attempts }, "a mail about a person was not sent");
      // The mail server may be away: the other mails would lose their attempts to it at once. The next look goes on.
      return;
    }
  }
}

/** Looks for such mails at intervals, in every process. Returns a function that ends it. */
export function watchNotices(deps: Deps, { everyMs = 2_000 } = {}): () => Promise<void> {
  const sender = new NoticeSender(deps);
  let looking = Promise.resolve();
  const look = () =>
    sender.startDue().catch((err: unknown) => deps.log.warn({ err }, "mails about people could not be looked for"));
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await looking;
    await sender.stop();
  };
}
