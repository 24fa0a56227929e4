import type { Installation } from "../../prisma/generated/client";
import type { Marks } from "../bitrix24/marks";
import { type PortalAsked, type PortalWatch, portalChanged, portalUncompared } from "../bitrix24/portal-watch";
import { elapsedMs } from "../platform/elapsed";
import { mustCompareFirst } from "../queue/compare-first";
import type { Services } from "../services";
import { type KnownPortal, portalChange } from "./compare";
import { type Inspection, inspectPortal, type PortalFacts } from "./facts";
import { ofFormerUsers } from "./former-users";
import { readHome } from "./home";
import { readMarks } from "./marks";
import { announceQuestion, openQuestion, questionOf, readQuestion } from "./question";
import { followDatabase } from "./restored";

type Deps = Pick<Services, "db" | "env" | "log">;

/** For this long the portal counts as unchanged without a new check. */
const freshMs = 6 * 3_600_000;

/** How long a failed check is reused: the time that a turn of the worker needs to reach the fetched jobs. */
const sameMomentMs = 2_000;

/**
 * Called before every write, and before any conclusion from the portal's answers: passes only while the portal and this
 * database are the known ones. Costs one request when a process starts, every few hours, and before a paused queue
 * continues.
 */
export class PortalGuard implements PortalWatch {
  readonly #deps: Deps;
  #seen: { host: string; until: number } | undefined;
  /** The error of the last check. */
  #failure: { error: unknown; until: number } | undefined;
  readonly #looking = new Map<PortalAsked, Promise<void>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async assertKnown(client: PortalAsked, { writes = false, anew = false, lately = false } = {}): Promise<void> {
    const { db } = this.#deps;
    const row = await db.installation.findUnique({
      where: { id: 1 },
      select: { question: true, portalHosts: true, compareFirst: true },
    });
    if (readQuestion(row?.question ?? null)?.kind === "portal") throw portalChanged();
    const { host } = client;
    const isFresh = !anew && this.#seen?.host === host && this.#seen.until > elapsedMs();
    if (!isFresh || row?.portalHosts.includes(host) !== true) {
      if (lately && this.#failure && this.#failure.until > elapsedMs()) throw this.#failure.error;
      const look =
        this.#looking.get(client) ??
        this.#look(client).finally(() => {
          this.#looking.delete(client);
        });
      this.#looking.set(client, look);
      await look;
    }
    if (writes && row?.compareFirst && (await mustCompareFirst(db))) throw portalUncompared();
  }

  async isKnown(client: PortalAsked): Promise<boolean> {
    const { db } = this.#deps;
    const inspection = await inspectPortal(db, client, await readMarks(this.#deps));
    const row = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
    if (readQuestion(row.question)?.kind === "portal") return false;
    return portalChange(knownOf(row), inspection, { redirected: client.redirected }) === null;
  }

  async #look(client: PortalAsked): Promise<void> {
    const { db } = this.#deps;
    const marks = await readMarks(this.#deps);
    const inspection = await this.#ask(() => inspectPortal(db, client, marks));
    // A former part is no news.
    const present = inspection.newest.filter(({ isPresent }) => isPresent);
    const reused = await this.#ask(() => ofFormerUsers(db, client, present));
    await this.#judge(marks, inspection, { redirected: client.redirected, isNumberReused: reused.length > 0 });
    this.#seen = { host: inspection.host, until: elapsedMs() + freshMs };
  }

  /** Keeps the error of a question that failed. */
  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      this.#failure = { error, until: elapsedMs() + sameMomentMs };
      throw error;
    }
  }

  async #judge(
    marks: Marks,
    inspection: Inspection,
    { redirected, isNumberReused }: { redirected: boolean; isNumberReused: boolean },
  ): Promise<void> {
    const { db, log } = this.#deps;
    const { host, facts } = inspection;
    const home = await readHome(db);
    const news = await db.$transaction(async (tx) => {
      await tx.$executeRaw`select 1 from "Installation" where id = 1 for update`;
      const row = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
      const known = knownOf(row);
      const change = portalChange(known, inspection, { redirected });
      if (change) {
        const question = questionOf("portal", change, inspection);
        return { question, isNew: await openQuestion(tx, question) };
      }
      const kept =
        known.facts.ownerId === facts.ownerId ? { ...known.facts, ...facts } : withoutOwner(known.facts, facts);
      const { vouched: _, ...told } = kept;
      await tx.installation.update({
        where: { id: 1 },
        data: { portalFacts: told, ...(known.hosts.includes(host) ? {} : { portalHosts: { push: host } }) },
        select: { id: true },
      });
      return followDatabase(tx, { row, home, marks, inspection, isNumberReused, log });
    });
    if (!news) return;
    if (news.isNew) await announceQuestion(this.#deps, news.question);
    if (news.question.kind === "portal") throw portalChanged();
  }
}

const knownOf = ({ portalHosts, portalFacts }: Installation): KnownPortal => ({
  hosts: portalHosts,
  facts: portalFacts as PortalFacts,
});

/** For another webhook owner the stored facts about the former owner are dropped. */
const withoutOwner = ({ founded }: PortalFacts, facts: PortalFacts): PortalFacts => ({
  ...(founded ? { founded } : {}),
  ...facts,
});
