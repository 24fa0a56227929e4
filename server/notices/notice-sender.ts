import { Lanes } from "../platform/lanes";
import type { LetterKind } from "../platform/letter-template";
import { lookEvery } from "../platform/repeat";
import type { Services } from "../services";
import { isWanted } from "./notice-kinds";
import { claimNotice, dropUnwanted, letterOf, recordNotice, waitingKinds } from "./person-notices";

type Deps = Pick<Services, "db" | "env" | "forms" | "log" | "mail">;

/** Sends mails about people, in a lane for each kind. */
export class NoticeSender extends Lanes<LetterKind> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    super();
    this.#deps = deps;
  }

  /** Drops the mails of kinds that were switched off meanwhile, too. */
  protected async due(): Promise<LetterKind[]> {
    const waiting = await waitingKinds(this.#deps);
    const wanted = waiting.filter((kind) => isWanted(this.#deps.env, kind));
    for (const kind of waiting) if (!wanted.includes(kind)) await dropUnwanted(this.#deps, kind);
    return wanted;
  }

  protected failed(kind: LetterKind, err: unknown): void {
    this.#deps.log.warn({ err, kind }, "mails about people could not be sent");
  }

  protected async sendNext(kind: LetterKind): Promise<boolean> {
    const deps = this.#deps;
    const notice = await claimNotice(deps, kind);
    if (!notice) return false;
    const letter = await letterOf(deps, notice);
    if (!letter) {
      await recordNotice(deps, notice, "OFF");
      return true;
    }
    const { to, subject, text } = letter;
    const sent = await deps.mail.send({ to, subject, text: `${text}\n`, id: `${kind}-${notice.id}`, isPersonal: true });
    await recordNotice(deps, notice, sent ? null : "REFUSED");
    // The mail server may be away: the other mails would lose their attempts to it at once. The next look goes on.
    if (!sent)
      deps.log.warn({ kind, userId: notice.userId, attempt: notice.attempts }, "a mail about a person was not sent");
    return sent;
  }
}

/** Looks for such mails at intervals, in every process. Returns a function that ends it. */
export function watchNotices(deps: Deps, { everyMs = 2_000 } = {}): () => Promise<void> {
  const sender = new NoticeSender(deps);
  const look = () =>
    sender.startDue().catch((err: unknown) => deps.log.warn({ err }, "mails about people could not be looked for"));
  const end = lookEvery(everyMs, look);
  return async () => {
    await end();
    await sender.stop();
  };
}
