import type { Logger } from "../platform/log";
import {
  type CrmSettings,
  clippedFields,
  contactFields,
  contactType,
  dealFields,
  dealType,
  missingContactFields,
  type ProductInfo,
} from "./fields";
import { type ExistingRecords, findExisting } from "./find-existing";
import type { PortalContact } from "./match-contact";
import { fetchProductInfo } from "./product";
import { productsOnDeals, rowWork } from "./product-rows";
import { failedStep, type ProgressPort, type Step } from "./progress";
import type { Person } from "./registrant";
import { createdDeal, createdItem, parseAnswer } from "./responses";
import { runPhase, type Work } from "./run-phase";
import { BatchRunner } from "./transport/batch-runner";
import { BatchSize } from "./transport/batch-size";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";
import type { RateLimit } from "./transport/rate-limit";

/** What became of each person: everything stands there, or why not yet. */
export type SyncResults = Map<number, "done" | Bitrix24Error>;

type WithContact = Person & { contactId: number };
type WithDeal = WithContact & { dealId: number };

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
  readonly #size: BatchSize;
  readonly #log: Logger;
  #product: { info: ProductInfo; until: number } | undefined;

  constructor(options: {
    client: Bitrix24Client;
    rateLimiter: RateLimit;
    settings: CrmSettings;
    log: Logger;
    timeoutMs: number;
  }) {
    this.client = options.client;
    this.settings = options.settings;
    this.#size = new BatchSize(options.timeoutMs);
    this.batchRunner = new BatchRunner(options.client, options.rateLimiter, this.#size);
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
    const known = people.map((person) => ({
      ...person,
      contactId: existing.get(person.userId)?.contactId ?? null,
      dealId: existing.get(person.userId)?.dealId ?? null,
    }));
    const resumed = new Set(known.flatMap((person) => (person.dealId ? [person.userId] : [])));

    const withContact = await this.createContact(known, existing, progress, results);
    const orphaned = new Set(
      known.flatMap(({ userId, contactId }) => (contactId === null || existing.get(userId)?.match ? [userId] : [])),
    );
    const withDeal = await this.createDeal(withContact, orphaned, product, progress, results);
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
      const existing = await findExisting(this.batchRunner, this.settings.originatorId, people);
      await progress.record(people.map(({ userId }) => this.#lookUpStep(userId, existing.get(userId), elapsed())));
      return existing;
    } catch (error) {
      if (error instanceof Bitrix24Error)
        await progress.record(people.map(({ userId }) => failedStep(userId, "lookup", error, elapsed())));
      throw error;
    }
  }

  #lookUpStep(userId: number, trace: ExistingRecords | undefined, durationMs: number): Step {
    if (trace?.match && trace.match.candidates > 1)
      this.#log.info(
        { userId, contactId: trace.contactId, by: trace.match.by, candidates: trace.match.candidates },
        "several contacts fit: the oldest is linked",
      );
    return {
      userId,
      method: "lookup",
      outcome: "OK",
      durationMs,
      // Somebody's own contact is linked only once its blanks are filled; our own traces count at once.
      ...(trace?.contactId && !trace.match ? { contactId: trace.contactId } : {}),
      ...(trace?.dealId ? { dealId: trace.dealId } : {}),
    };
  }

  /** Creates the missing contacts, and fills the blanks of those that were found. */
  async createContact(
    people: Person[],
    existing: Map<number, ExistingRecords>,
    progress: ProgressPort,
    results: SyncResults,
  ): Promise<WithContact[]> {
    const work = people.flatMap((person): Work[] => {
      const match = existing.get(person.userId)?.match;
      if (match) return [this.#linkContact(person, match.contact)];
      return person.contactId === null ? [this.#addContact(person)] : [];
    });
    const made = await runPhase(this.batchRunner, work, progress, results);
    return people.flatMap((person) => {
      const contactId = made.get(person.userId)?.contactId ?? person.contactId;
      return contactId && !results.has(person.userId) ? [{ ...person, contactId }] : [];
    });
  }

  #addContact(person: Person): Work {
    for (const field of clippedFields(person))
      this.#log.info({ userId: person.userId, field }, "text was clipped to the portal's limit");
    return {
      userId: person.userId,
      command: {
        kind: "contact.add",
        method: "crm.item.add",
        params: { entityTypeId: contactType, fields: contactFields(person, this.settings) },
        isolated: person.isolated,
      },
      read: (value) => ({ contactId: parseAnswer("crm.item.add", createdItem, value).item.id }),
    };
  }

  #linkContact(person: Person, contact: PortalContact): Work {
    const fields = missingContactFields(contact, person);
    const link = () => ({ contactId: contact.id });
    if (!fields) return { userId: person.userId, read: link };
    return {
      userId: person.userId,
      command: {
        kind: "contact.update",
        method: "crm.item.update",
        params: { entityTypeId: contactType, id: contact.id, fields },
        isolated: person.isolated,
      },
      read: (value) => {
        parseAnswer("crm.item.update", createdItem, value);
        return link();
      },
      // A contact that we may not change is still the right one to link.
      onRefused: link,
    };
  }

  /**
   * Creates the missing deals: USD, the product's price, this contact, the marks of the last touch. A deal that stood
   * without its contact (`orphaned`: the old one was deleted) is given the new one.
   */
  async createDeal(
    people: WithContact[],
    orphaned: Set<number>,
    product: ProductInfo,
    progress: ProgressPort,
    results: SyncResults,
  ): Promise<WithDeal[]> {
    const work = people.flatMap((person): Work[] => {
      if (person.dealId === null) return [this.#addDeal(person, product)];
      return orphaned.has(person.userId) ? [relinkDeal(person, person.dealId)] : [];
    });
    const made = await runPhase(this.batchRunner, work, progress, results);
    return people.flatMap((person) => {
      const dealId = made.get(person.userId)?.dealId ?? person.dealId;
      return dealId && !results.has(person.userId) ? [{ ...person, dealId }] : [];
    });
  }

  #addDeal(person: WithContact, product: ProductInfo): Work {
    return {
      userId: person.userId,
      command: {
        kind: "deal.add",
        method: "crm.item.add",
        params: { entityTypeId: dealType, fields: dealFields(person, this.settings, product) },
        isolated: person.isolated,
      },
      read: (value) => {
        const { item } = parseAnswer("crm.item.add", createdDeal, value);
        if (item.currencyId !== "USD" || Math.round(item.opportunity * 100) !== Math.round(product.priceUsd * 100))
          this.#log.warn(
            { userId: person.userId, dealId: item.id, currency: item.currencyId },
            "the portal stored another amount than was sent",
          );
        return { dealId: item.id };
      },
    };
  }

  /**
   * Gives each deal its product row. A deal that stood before this run is read first: it may have the row already, and
   * a manager may have added others, which `set` would wipe.
   */
  async addProductToDeal(
    people: WithDeal[],
    resumed: Set<number>,
    product: ProductInfo,
    progress: ProgressPort,
    results: SyncResults,
  ): Promise<void> {
    const present = await productsOnDeals(
      this.batchRunner,
      people.filter((person) => resumed.has(person.userId)),
    );
    const unread: Step[] = [];
    const work = people.flatMap((person): Work[] => {
      const products = present.get(person.userId) ?? [];
      if (!(products instanceof Bitrix24Error)) return [rowWork(person, products, product)];
      results.set(person.userId, products);
      unread.push(failedStep(person.userId, products.method, products, 0));
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

function relinkDeal({ userId, contactId, isolated }: WithContact, dealId: number): Work {
  return {
    userId,
    command: {
      kind: "deal.update",
      method: "crm.item.update",
      params: { entityTypeId: dealType, id: dealId, fields: { contactIds: [contactId] } },
      isolated,
    },
    read: (value) => {
      parseAnswer("crm.item.update", createdItem, value);
      return { dealId };
    },
  };
}
