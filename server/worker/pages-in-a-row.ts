import type { SyncRun } from "../crm/sync-run";

/**
 * After this many rounds in a row in which a web page came instead of the portal's answer, the queue is paused: with
 * the default back-off after three minutes. For error pages of failing servers it takes longer, about seven minutes.
 */
const most = 6;
const mostOfFailingServers = 10;

/** Counts the rounds in a row in which a web page came instead of the portal's answer. */
export class PagesInARow {
  #count = 0;

  /**
   * Code of the page that has come for so long, this round included, that the queue is to be paused; then counts from
   * the start.
   */
  cutOffBy({ page, outage }: Pick<SyncRun, "page" | "outage">): string | null {
    this.#count = page ? this.#count + 1 : outage ? this.#count : 0;
    if (!page || this.#count < (/^HTTP_5/.test(page.code) ? mostOfFailingServers : most)) return null;
    this.#count = 0;
    return page.code;
  }
}
