import type { Logger } from "../platform/log";
import { ActiveUsers } from "./active-users";
import { FieldCatalogue } from "./field-descriptions";
import { type CrmSettings, dealType, type ProductInfo } from "./fields";
import { type ExistingRecords, findExisting } from "./find-existing";
import type { Marks } from "./marks";
import { fetchProductInfo } from "./product";
import { rowsOnDeals, rowWork } from "./product-rows";
import { failedStep, foundMethod, type ProgressPort, type Step } from "./progress";
import type { Person } from "./registrant";
import { addContact, addDeal, linkContact, type Making, relinkDeal, type WithContact } from "./registration-work";
import { runPhase, type Work } from "./run-phase";
import { BatchRunner } from "./transport/batch-runner";
import { BatchSize } from "./transport/batch-size";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";
import type { RateLimit } from "./transport/rate-limit";

/** What became of each person: everything stands there, or why not yet. */
export type SyncResults = Map<number, "done" | Bitrix24Error>;

type WithDeal = WithContact & { dealId: number };

/** Where a run keeps what it learns of each person. */
interface Course {
  progress: ProgressPort;
  results: SyncResults;
}

const lookup = "lookup";

/** A price that was changed on the portal reaches new deals within this time. */
const productFreshMs = 10 * 60_000;

/**
 * The specification's verbs. Each takes many people and answers for each, because one request carries fifty; each may
 * be repeated safely once the look-up has shown what already stands.
 */
export class Bitrix24 {
  readonly client: Bitrix24Client;
  readonly settings: CrmSettings;
  readonly batchRunner: BatchRunner;
  /** What this installation writes, and has written, as ORIGINATOR_ID. */
  readonly marks: () => Promise<Marks>;
  readonly fields: FieldCatalogue;
  readonly #size: BatchSize;
  readonly #users: ActiveUsers;
  readonly #log: Logger;
  #product: { info: ProductInfo; until: number } | undefined;

  constructor(options: {
    client: Bitrix24Client;
    rateLimiter: RateLimit;
    settings: CrmSettings;
    marks: () => Promise<Marks>;
    log: Logger;
    timeoutMs: number;
  }) {
    this.client = options.client;
    this.settings = options.settings;
    this.marks = options.marks;
    this.#size = new BatchSize(options.timeoutMs);
    this.batchRunner = new BatchRunner(options.client, options.rateLimiter, this.#size);
    this.#users = new ActiveUsers(options.client);
    this.fields = new FieldCatalogue(options.client);
    this.#log = options.log;
  }

  /**
   * Carries registrations to the portal in phases: look-ups for all, contacts, deals, product rows. Whoever fails is
   * left at that step and resumes there; the others go on. Throws Bitrix24Error only if nothing was attempted.
   */
  async createDealOnRegistration(people: Person[], progress: ProgressPort): Promise<SyncResults> {
    const product = await this.getProductInfo();
    const existing = await this.checkContactExists(people, progress);
    const results: SyncResults = new Map();
    const known = people.flatMap((person): Person[] => {
      const { contactId, contactBy, dealId, barred } = recordsOf(existing, person);
      if (barred) results.set(person.userId, barred);
      return barred ? [] : [{ ...person, contactId, contactBy, dealId }];
    });
    const resumed = new Set(known.flatMap((person) => (person.dealId ? [person.userId] : [])));

    const assigned = await this.#assign(known, existing, progress);
    const making: Making = { settings: this.settings, originatorId: (await this.marks()).own, log: this.#log };
    const withContact = await this.createContact(assigned, existing, making, { progress, results });
    const withDeal = await this.createDeal(withContact, existing, product, making, { progress, results });
    await this.addProductToDeal(withDeal, resumed, product, progress, results);
    return results;
  }

  /**
   * What the portal already holds: our own contact and deal by ORIGIN_ID, else somebody's contact with the same e-mail,
   * then phone. One request for up to about a hundred people. Throws Bitrix24Error.
   */
  async checkContactExists(people: Person[], progress: ProgressPort): Promise<Map<number, ExistingRecords>> {
    const started = performance.now();
    const elapsed = () => Math.round(performance.now() - started);
    try {
      const existing = await findExisting(this.batchRunner, await this.marks(), people);
      await progress.record(people.map((person) => this.#lookUpStep(person, recordsOf(existing, person), elapsed())));
      const found = people.flatMap((person) => foundStep(person.userId, recordsOf(existing, person)));
      if (found.length > 0) await progress.record(found);
      return existing;
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      const failure = error.with({ step: lookup });
      await progress.record(people.map(({ userId }) => failedStep(userId, lookup, failure, elapsed())));
      throw failure;
    }
  }

  #lookUpStep({ userId }: Person, records: ExistingRecords, durationMs: number): Step {
    const { match, contactId, contactBy, dealId, dropped, barred } = records;
    if (match && match.candidates > 1)
      this.#log.info(
        { userId, contactId, by: match.by, candidates: match.candidates },
        "several contacts fit: the oldest is linked",
      );
    if (dropped.contact || dropped.deal)
      this.#log.warn({ userId, ...dropped }, "what stood under the stored ids is not this person's");
    return {
      userId,
      method: lookup,
      step: lookup,
      outcome: barred ? "NO" : "OK",
      ...(barred ? { code: barred.code } : {}),
      durationMs,
      dropContact: dropped.contact,
      dropDeal: dropped.deal,
      // Somebody's own contact is linked in the next phase; our own records count at once.
      ...(contactId && !match ? { contactId, contactBy } : {}),
      ...(dealId ? { dealId } : {}),
    };
  }

  /** Responsible persons for those who have none yet: the owner of a known contact, for others the next in turn. */
  async #assign(people: Person[], existing: Map<number, ExistingRecords>, progress: ProgressPort): Promise<Person[]> {
    const without = people.filter((person) => person.assignedById === null && person.dealId === null);
    if (without.length === 0) return people;
    const ownerOf = (person: Person) =>
      this.settings.keepsOwner ? (recordsOf(existing, person).contact?.assignedById ?? null) : null;
    const active = await this.#users.among(without.flatMap((person) => ownerOf(person) ?? []));
    const assigned = await progress.assign(
      new Map(
        without.map((person) => {
          const owner = ownerOf(person);
          return [person.userId, owner !== null && active.has(owner) ? owner : null];
        }),
      ),
    );
    return people.map((person) => ({
      ...person,
      assignedById: person.assignedById ?? assigned.get(person.userId) ?? null,
    }));
  }

  /** Creates the missing contacts, and links those that were found. */
  async createContact(
    people: Person[],
    existing: Map<number, ExistingRecords>,
    making: Making,
    { progress, results }: Course,
  ): Promise<WithContact[]> {
    const work = people.flatMap((person): Work[] => {
      const { match } = recordsOf(existing, person);
      if (match) return [linkContact(person, match)];
      return person.contactId === null ? [addContact(person, making)] : [];
    });
    const made = await runPhase(this.batchRunner, work, progress, results);
    return people.flatMap((person) => {
      const contactId = made.get(person.userId)?.contactId ?? person.contactId;
      return contactId && !results.has(person.userId) ? [{ ...person, contactId }] : [];
    });
  }

  /**
   * Creates the missing deals: USD, the product's price, this contact, the marks of the last touch. A deal that stands
   * without a contact, since its own was deleted, is given the new one.
   */
  async createDeal(
    people: WithContact[],
    existing: Map<number, ExistingRecords>,
    product: ProductInfo,
    making: Making,
    { progress, results }: Course,
  ): Promise<WithDeal[]> {
    const work = people.flatMap((person): Work[] => {
      const { contact, contactBy, deal } = recordsOf(existing, person);
      const linked = contactBy === "made" ? null : contact;
      if (person.dealId === null) return [addDeal(person, making, { product, linked })];
      return deal?.contactId === null ? [relinkDeal(person, person.dealId)] : [];
    });
    const made = await runPhase(this.batchRunner, work, progress, results);
    return people.flatMap((person) => {
      const dealId = made.get(person.userId)?.dealId ?? person.dealId;
      return dealId && !results.has(person.userId) ? [{ ...person, dealId }] : [];
    });
  }

  /**
   * Gives each deal its product row. A deal that stood before this run is read first: it may have the row already, and
   * a manager may have added others, which `set` would wipe. A deal that was whole once gets none.
   */
  async addProductToDeal(
    people: WithDeal[],
    resumed: Set<number>,
    product: ProductInfo,
    progress: ProgressPort,
    results: SyncResults,
  ): Promise<void> {
    const present = await rowsOnDeals(
      this.batchRunner,
      people.filter((person) => resumed.has(person.userId) && person.settledSale?.dealId !== person.dealId),
    );
    const unread: Step[] = [];
    const work = people.flatMap((person): Work[] => {
      const { userId, settledSale: sale } = person;
      // Through with this deal once: what it sells is the managers' to change.
      if (sale?.dealId === person.dealId) return [{ userId, read: () => ({ done: true, sale }) }];
      const rows = present.get(userId) ?? [];
      if (!(rows instanceof Bitrix24Error))
        return [rowWork(person, rows, product, resumed.has(userId) ? null : product.priceUsd)];
      const failure = rows.with({ step: "row.list" });
      results.set(person.userId, failure);
      unread.push(failedStep(person.userId, failure.method, failure, 0));
      return [];
    });
    if (unread.length > 0) await progress.record(unread);
    const made = await runPhase(this.batchRunner, work, progress, results);
    for (const userId of made.keys()) results.set(userId, "done");
  }

  /** The product and its price in USD, read again every ten minutes. Throws Bitrix24Error, see fetchProductInfo. */
  async getProductInfo(): Promise<ProductInfo> {
    if (this.#product && this.#product.until > Date.now()) return this.#product.info;
    return this.readProductInfo();
  }

  /** The same, asked anew: for checks, and after somebody mended it on the portal. */
  async readProductInfo(): Promise<ProductInfo> {
    this.#product = undefined;
    const info = await fetchProductInfo(this.client, this.settings);
    this.#product = { info, until: Date.now() + productFreshMs };
    return info;
  }

  /**
   * Asks what a registration needs, without writing: the product with its price, and the right to read deals. Throws
   * Bitrix24Error if registrations would still fail.
   */
  async probe(): Promise<void> {
    await this.readProductInfo();
    await this.client.call("crm.item.list", { entityTypeId: dealType, select: ["id"], filter: { id: 0 }, start: -1 });
  }

  /** How many people to carry together so that nobody waits much longer than a minute for the others. */
  groupSize(): number {
    return this.#size.group(["contact.add", "deal.add", "row.set"]);
  }
}

const recordsOf = (existing: Map<number, ExistingRecords>, { userId }: Pick<Person, "userId">): ExistingRecords =>
  existing.get(userId) as ExistingRecords;

/** What was made here without our knowing, told apart so that a removal may rely on it. */
function foundStep(userId: number, { found }: ExistingRecords): Step[] {
  if (found.contactId === undefined && found.dealId === undefined) return [];
  return [{ userId, method: foundMethod, outcome: "OK", durationMs: 0, ...found }];
}
