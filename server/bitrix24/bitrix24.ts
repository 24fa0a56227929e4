import { elapsedMs } from "../platform/elapsed";
import type { Logger } from "../platform/log";
import { ActiveUsers } from "./active-users";
import type { CrmSettings } from "./crm-settings";
import { isDealNew, type KnownPerson } from "./existing-records";
import { FieldCatalogue } from "./field-catalogue";
import { noDeal } from "./fields";
import { findExisting } from "./find-existing";
import { FunnelStages } from "./funnel-stages";
import { KeptProduct, type ProductNews } from "./kept-product";
import { logFound, lookUpSteps } from "./look-up-steps";
import { makingOf, namesFields } from "./making";
import type { Marks } from "./marks";
import { mostInARow } from "./most-in-a-row";
import { NewDealRows, rowsOnNewDeal } from "./new-deal-rows";
import { RefusedEmoji } from "./ornaments";
import type { Person } from "./person";
import type { PortalWatch } from "./portal-watch";
import { fetchProductFacts, isProductProblem, rowsOnDeals, sellable } from "./product";
import type { ProductInfo } from "./product-info";
import { type Failure, failedStep, lookUpStep, type PhaseResult, type ProgressPort } from "./progress";
import { adoptDeals, failAll, runPhase, withId } from "./run-phase";
import type { FieldDescriptions } from "./sent-fields";
import {
  addContact,
  addDeal,
  linkContact,
  type Making,
  relinkDeal,
  rowTask,
  type Task,
  type WithContact,
  type WithDeal,
} from "./tasks";
import { TraceMemory, withTrace } from "./trace";
import { halted } from "./transport/batch";
import { BatchRunner } from "./transport/batch-runner";
import { BatchSize } from "./transport/batch-size";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";
import type { RateLimit } from "./transport/rate-limit";

/** With what a person's records are made: the settings differ by form. */
type MakingFor = (person: Person) => Making;

/**
 * The actions of the specification. Each takes many people and returns a result for each, because one request carries
 * fifty commands. Each may be repeated safely once the look-up has shown what already exists.
 */
export class Bitrix24 {
  readonly client: Bitrix24Client;
  readonly #settings: () => CrmSettings[];
  readonly batchRunner: BatchRunner;
  /** What this installation writes, and has written, as ORIGINATOR_ID. */
  readonly marks: () => Promise<Marks>;
  readonly fields: FieldCatalogue;
  readonly stages: FunnelStages;
  /** Shared by all services of a process, so that the portal is checked only once. */
  readonly portal: PortalWatch;
  readonly #size: BatchSize;
  readonly #users: ActiveUsers;
  readonly log: Logger;
  /** When a registration was last completed in this process: the portal worked at that time. */
  lastThroughAt = Number.NEGATIVE_INFINITY;
  readonly #refusedEmoji = new RefusedEmoji();
  readonly products: KeptProduct;
  readonly #traces = new TraceMemory();
  readonly #newDealRows = new NewDealRows();

  constructor(options: {
    client: Bitrix24Client;
    rateLimiter: RateLimit;
    /** Of each form, the first form's first. */
    settings: () => CrmSettings[];
    marks: () => Promise<Marks>;
    portal: PortalWatch;
    log: Logger;
    timeoutMs: number;
    productNews?: ProductNews | undefined;
  }) {
    this.client = options.client;
    this.products = new KeptProduct(options.client, options.productNews);
    this.#settings = options.settings;
    this.marks = options.marks;
    this.portal = options.portal;
    this.#size = new BatchSize(options.timeoutMs);
    this.batchRunner = new BatchRunner(options.client, options.rateLimiter, this.#size);
    this.#users = new ActiveUsers(options.client);
    this.fields = new FieldCatalogue(options.client);
    this.stages = new FunnelStages(options.client);
    this.log = options.log;
  }

  /** The first form's settings as they are now; a registration has those of its own form, see Person. */
  get settings(): CrmSettings {
    return this.#settings()[0] as CrmSettings;
  }

  /**
   * Sends registrations to the portal in phases: look-ups for all, contacts, deals, product rows. If a person's phase
   * fails, that registration stops there and resumes there at the next attempt; the others go on.
   */
  async createDealOnRegistration(people: Person[], progress: ProgressPort): Promise<PhaseResult<KnownPerson>> {
    if (people.length === 0) return { done: [], failed: [] };
    const products = new Map<CrmSettings, ProductInfo>();
    const unsold: Failure[] = [];
    let described: FieldDescriptions | null = null;
    try {
      await this.portal.assertKnown(this.client, { writes: true, lately: true });
      for (const settings of new Set(people.map((person) => person.settings)))
        try {
          products.set(settings, await this.getProductInfo(settings));
        } catch (error) {
          // Only the people of this product wait for a correction.
          if (!isProductProblem(error)) throw error;
          unsold.push(
            ...failAll(
              people.filter((person) => person.settings === settings),
              error,
            ),
          );
        }
      // Without fields that the settings name no request is needed.
      if ([...products.keys()].some(namesFields)) described = await this.fields.readForRecords();
    } catch (error) {
      return { done: [], failed: failAll(people, error) };
    }
    const sold = people.filter(({ settings }) => products.has(settings));
    if (sold.length === 0) return { done: [], failed: unsold };
    const found = await this.checkContactExists(this.#refusedEmoji.leaveOut(sold), progress);
    const assigned = await this.#users.assign(found.done, progress);
    const made = { originatorId: (await this.marks()).own, described, log: this.log };
    const makings = new Map([...products].map(([each, product]) => [each, makingOf(each, { ...made, product })]));
    const making = ({ settings }: Person) => makings.get(settings) as Making;
    const contacts = await this.createContact(assigned.done, making, progress);
    const deals = await this.createDeal(contacts.done, making, progress);
    const { done, failed } = await this.addProductToDeal(deals.done, making, progress);
    if (done.length > 0) this.lastThroughAt = elapsedMs();
    this.#refusedEmoji.note(people, done);
    return {
      done,
      failed: [...unsold, ...found.failed, ...assigned.failed, ...contacts.failed, ...deals.failed, ...failed],
    };
  }

  /**
   * Finds what the portal already holds: our own contact and deal by ORIGIN_ID, else a contact with the same e-mail,
   * then with the same phone. If a whole look-up fails while the portal works, one person's data is the cause: the group
   * is halved until that person is alone. If several people in a row fail so, the remaining people are not tried.
   */
  async checkContactExists(people: Person[], progress: ProgressPort): Promise<PhaseResult<KnownPerson>> {
    const done: KnownPerson[] = [];
    const failed: Failure[] = [];
    const groups = [people];
    for (let culprits = 0, group = groups.pop(); group; group = groups.pop()) {
      if (culprits >= mostInARow) {
        failed.push(...failAll(group, halted(lookUpStep)));
        continue;
      }
      const started = performance.now();
      const elapsed = () => Math.round(performance.now() - started);
      try {
        const known = await findExisting(this.batchRunner, await this.marks(), group, progress);
        await progress.record(lookUpSteps(known, elapsed()));
        done.push(...known);
        culprits = 0;
      } catch (thrown) {
        if (!(thrown instanceof Bitrix24Error)) throw thrown;
        const error = thrown.with({ step: lookUpStep });
        await progress.record(group.map(({ userId }) => failedStep(userId, lookUpStep, error, elapsed())));
        let personal = error.kind === "refused";
        if (error.kind === "outage")
          try {
            // A request that contains no person's data.
            await this.probe();
            personal = true;
          } catch (ill) {
            if (!(ill instanceof Bitrix24Error)) throw ill;
          }
        if (!personal) failed.push(...failAll(group, error));
        else if (group.length === 1) {
          culprits++;
          failed.push(...failAll(group, error.with({ kind: "refused" })));
        } else {
          const half = Math.ceil(group.length / 2);
          groups.push(group.slice(half), group.slice(0, half));
        }
      }
    }
    logFound(this.log, done);
    const barred = done.flatMap((person): Failure[] => {
      const { barred: error } = person.existing;
      return error ? [{ person, error }] : [];
    });
    return { done: done.filter(({ existing }) => !existing.barred), failed: [...failed, ...barred] };
  }

  /** Creates the missing contacts, and links existing ones. */
  async createContact(
    people: KnownPerson[],
    making: MakingFor,
    progress: ProgressPort,
  ): Promise<PhaseResult<KnownPerson & WithContact>> {
    const tasks = people.flatMap((person): Task<KnownPerson>[] => {
      const { match } = person.existing;
      if (match) return [linkContact(person, match)];
      return person.contactId === null ? [addContact(person, making(person))] : [];
    });
    const { done, failed } = await runPhase(this.#course(progress), tasks);
    return { done: withId(people, failed, "contactId", done), failed };
  }

  /**
   * Creates the missing deals, or adopts those of lost registrations. A deal whose contact was deleted gets the new one.
   */
  async createDeal(
    people: (KnownPerson & WithContact)[],
    making: MakingFor,
    progress: ProgressPort,
  ): Promise<PhaseResult<KnownPerson & WithDeal>> {
    const adopted = await adoptDeals(this.#course(progress), people, making);
    const tasks = adopted.rest.flatMap((person): Task<KnownPerson & WithContact>[] => {
      const { contact, contactBy, deal } = person.existing;
      const linked = contactBy === "made" ? null : contact;
      if (person.dealId === null) return [addDeal(person, making(person), linked)];
      return deal?.contactId === null ? [relinkDeal(person, person.dealId)] : [];
    });
    const made = await runPhase(this.#course(progress), tasks);
    const failed = [...adopted.failed, ...made.failed];
    return { done: withId(people, failed, "dealId", [...adopted.done, ...made.done]), failed };
  }

  /**
   * Gives each deal its product row. The rows of a deal from before this run are read first: it may have ours already, and a
   * manager may have added others, which `set` would delete; so would those of a new deal where robots of the portal put
   * products on it, see NewDealRows. A deal that was complete once gets no row.
   */
  async addProductToDeal(
    people: (KnownPerson & WithDeal)[],
    making: MakingFor,
    progress: ProgressPort,
  ): Promise<PhaseResult<KnownPerson>> {
    const isWhole = ({ settledSale, dealId }: WithDeal) => settledSale?.dealId === dealId;
    const mayHaveRows = (person: KnownPerson) => !isDealNew(person) || this.#newDealRows.mustRead(person.settings);
    const asked = people.filter((person) => !isWhole(person) && mayHaveRows(person));
    const present = await rowsOnDeals(this.batchRunner, asked);
    this.#newDealRows.note(
      asked.filter(isDealNew).map(({ userId, settings }) => ({ settings, rows: present.get(userId) ?? [] })),
    );
    const planned = people.map((person): Task<KnownPerson & WithDeal> | Failure => {
      // The deal was complete once: only managers change its products from then on.
      const { settledSale: sale } = person;
      if (sale && isWhole(person)) return { person, command: null, result: { done: true, sale } };
      const found = present.get(person.userId) ?? [];
      const { product } = making(person);
      const rows = isDealNew(person) ? rowsOnNewDeal(found, product) : found;
      if (rows instanceof Bitrix24Error) return { person, error: rows.with({ step: "row.list" }) };
      // A deal from before this run keeps what it was sent with, whatever the settings say since.
      if (!isDealNew(person)) return rowTask(person, rows, person.sentProduct ?? product, null);
      return rowTask(person, rows, product, product.priceUsd);
    });
    const stopped = planned.flatMap((each) => ("error" in each ? [each] : []));
    if (stopped.length > 0)
      await progress.record(stopped.map(({ person, error }) => failedStep(person.userId, error.method, error, 0)));
    const tasks = planned.flatMap((each) => ("error" in each ? [] : [withTrace(each, this.#traces)]));
    const { done, failed } = await runPhase(this.#course(progress), tasks);
    return { done: done.map(({ person }) => person), failed: [...stopped, ...failed] };
  }

  #course(progress: ProgressPort) {
    return { batchRunner: this.batchRunner, progress, traces: this.#traces, log: this.log };
  }

  /** The product and its price in USD, see KeptProduct. Throws Bitrix24Error, see fetchProductFacts. */
  async getProductInfo(settings = this.settings): Promise<ProductInfo> {
    const kept = this.products.lately(settings);
    return kept ?? sellable(await this.products.read(settings));
  }

  /**
   * Checks the requirements of a registration without writing: a product with its price, and the right to read deals. One
   * form whose product can be sold is enough. Throws Bitrix24Error if all registrations would still fail.
   */
  async probe(): Promise<void> {
    const products = this.products.distinct(this.#settings());
    for (const settings of products)
      try {
        sellable(await this.products.keep(settings, await fetchProductFacts(this.client, settings)));
        break;
      } catch (error) {
        if (!isProductProblem(error) || settings === products.at(-1)) throw error;
      }
    await this.client.call(...noDeal);
  }

  /** How many registrations to send together so that the group takes about a minute. */
  groupSize(): number {
    return this.#size.group(["contact.add", "deal.add", "row.set"]);
  }
}
