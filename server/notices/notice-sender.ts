import { Lanes } from "../platform/lanes";
import { type LetterKind, letterKinds, noticeKinds } from "../platform/letter-template";
import { lookEvery } from "../platform/repeat";
import type { Services } from "../services";
import { isWanted } from "./notice-kinds";
import { claimNotice, dropUnwanted, letterOf, recordNotice, waitingKinds } from "./person-notices";

type Deps = Pick<Services, "db" | "env" | "forms" | "log" | "mail">;

/** At so many looks after a change of the settings the notices of kinds that are off are ended. */
const dropsAfterChange = 5;

/** Sends mails about people, in a lane for each kind. */
export class NoticeSender extends Lanes<LetterKind> {
  readonly #deps: Deps;
  /** The kinds that were wanted at the last look; undefined before the first one. */
  #wanted: string | undefined;
  #looksAfterChange = 0;

  constructor(deps: Deps) {
    super();
    this.#deps = deps;
  }

  /** Drops what waits of kinds that were switched off meanwhile, too. While no mail is wanted, the database is not asked. */
  protected async due(): Promise<LetterKind[]> {
    const { env } = this.#deps;
    const wanted = noticeKinds.filter((kind) => isWanted(env, kind)).join();
    if (wanted !== this.#wanted) this.#looksAfterChange = 0;
    this.#wanted = wanted;
    // Several times: a registration that is under way, and the trigger, learn of a change a moment later.
    if (this.#looksAfterChange++ < dropsAfterChange) await dropUnwanted(this.#deps);
    if (!letterKinds.some((kind) => isWanted(env, kind))) return [];
    return (await waitingKinds(this.#deps)).filter((kind) => isWanted(env, kind));
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
    sender.startDue().catch((err: unknown) => deps.log.warn({ err }, "due mails about people could not be read"));
  const end = lookEvery(everyMs, look);
  return async () => {
    await end();
    await sender.stop();
  };
}
