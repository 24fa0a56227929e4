import type { LoggedCall } from "./call-log";
import { entityNames } from "./crm/fields";
import type { ProductRow } from "./crm/product-rows";
import type { Company, Contact, Deal, Lead } from "./crm/records";
import { disrupt, pointTo } from "./disruptions";
import type { SentEvent } from "./events";
import { type FaultRule, Faults } from "./faults";
import { addCustomers, addInstallation, type Installation } from "./installations";
import { type PresetName, presetNamed } from "./presets";
import { answer, refuse } from "./protocol/answer";
import { type Call, readCall, WrongEncoding } from "./protocol/call";
import { htmlResponse } from "./protocol/envelope";
import { systemError } from "./protocol/errors";
import { logCall } from "./protocol/execute";
import type { FirstOptions, PortalOptions, Settings } from "./settings";
import { fillWorld, type PortalSnapshot, takeSnapshot } from "./snapshot";
import { Staff } from "./staff";
import { type Comment, type Notification, type Trace, World } from "./world";

/**
 * The stand-in Bitrix24 portal: answers REST requests from memory, and lets its owner look inside, break it, and act as
 * the people who work in it. Faults and settings hold until they are changed or `reset` is called.
 */
export class Portal {
  readonly #options: FirstOptions;
  #preset: PresetName;
  #world: World;
  #faults: Faults;

  constructor(options: FirstOptions = {}) {
    this.#options = options;
    this.#preset = options.preset ?? "lenient";
    this.#world = new World(options);
    this.#faults = this.#newFaults();
  }

  /**
   * How far it has come, for faults that wait for that: how many contacts, companies, leads or deals it ever had, or
   * how often a method was carried out.
   */
  #reached(name: string): number {
    const { records, calls } = this.#world;
    const entity = entityNames.find((one) => one === name);
    return entity ? records[entity].added : (calls.executed.get(name.toLowerCase()) ?? 0);
  }

  #newFaults(): Faults {
    const faults = new Faults(this.#world.random, this.#world.settings, (name) => this.#reached(name));
    for (const rule of presetNamed(this.#preset).faults ?? []) faults.add(rule);
    return faults;
  }

  /** Answers one HTTP request. Rejects as `fetch` does where a planned fault tears the connection down. */
  async handle(request: Request, address = "127.0.0.1"): Promise<Response> {
    const world = this.#world;
    const faults = this.#faults;
    const call = await this.#read(request);
    if (!call) return htmlResponse("404 Not Found", 404);
    if (call instanceof Response) return call;
    const { movedTo } = world.settings;
    if (movedTo && new URL(movedTo).host !== new URL(request.url).host) return pointTo(movedTo, request);

    world.calls.requests++;
    const logged = logCall(world, call, false);
    const { bucket, perSecond } = world.settings.limits;
    if (!world.bucket.take(address, bucket, perSecond, world.clock.now())) {
      world.calls.refused++;
      return refuse(world, logged, systemError("limit", world.settings));
    }
    const disruption = faults.disruption(call);
    const carryOut = () => answer(world, faults, call, logged);
    return disruption ? disrupt(disruption, request, carryOut) : carryOut();
  }

  async #read(request: Request): Promise<Call | Response | undefined> {
    try {
      return await readCall(request);
    } catch (error) {
      if (!(error instanceof WrongEncoding)) throw error;
      return refuse(this.#world, undefined, systemError("wrongEncoding", this.#world.settings));
    }
  }

  get contacts(): ReadonlyMap<number, Readonly<Contact>> {
    return this.#world.contacts.byId;
  }

  get deals(): ReadonlyMap<number, Readonly<Deal>> {
    return this.#world.deals.byId;
  }

  get leads(): ReadonlyMap<number, Readonly<Lead>> {
    return this.#world.leads.byId;
  }

  get companies(): ReadonlyMap<number, Readonly<Company>> {
    return this.#world.companies.byId;
  }

  /** Product rows by deal; a deal without rows has no entry. */
  get rows(): ReadonlyMap<number, readonly Readonly<ProductRow>[]> {
    return this.#world.rows;
  }

  get comments(): ReadonlyMap<number, Readonly<Comment>> {
    return this.#world.comments;
  }

  get traces(): ReadonlyMap<number, Readonly<Trace>> {
    return this.#world.traces;
  }

  /** What people of the portal were told. */
  get notifications(): ReadonlyMap<number, Readonly<Notification>> {
    return this.#world.notifications;
  }

  /** The newest calls, oldest first. */
  get calls(): readonly Readonly<LoggedCall>[] {
    return this.#world.calls.list();
  }

  /** HTTP requests received, refused and cut ones included. */
  get requests(): number {
    return this.#world.calls.requests;
  }

  /** HTTP requests refused by the rate limit. */
  get refused(): number {
    return this.#world.calls.refused;
  }

  /** Executed writes that changed nothing. */
  get idleWrites(): number {
    return this.#world.calls.idleWrites;
  }

  /** Executed calls by method, those inside batches included. */
  get executed(): ReadonlyMap<string, number> {
    return this.#world.calls.executed;
  }

  /** Events delivered to the outgoing webhook's address. */
  get events(): readonly SentEvent[] {
    return this.#world.events.sent;
  }

  /** Live: what is assigned here holds at once. */
  get settings(): Settings {
    return this.#world.settings;
  }

  /** Grows with every change of data, resets included. */
  get version(): number {
    return this.#world.version;
  }

  configure(options: PortalOptions): void {
    this.#world.configure(options);
  }

  get preset(): PresetName {
    return this.#preset;
  }

  /** Makes it another kind of portal with the same data: what was set or broken since the beginning is forgotten. */
  applyPreset(preset: PresetName): void {
    this.#preset = preset;
    this.#world.resetSettings({ ...this.#options, preset });
    this.#faults = this.#newFaults();
  }

  /** The portal's time in milliseconds. */
  now(): number {
    return this.#world.clock.now();
  }

  advance(milliseconds: number): void {
    this.#world.clock.advance(milliseconds);
  }

  /** Plans a fault and returns what takes it back. */
  fail(rule: FaultRule): () => void {
    return this.#faults.add(rule);
  }

  get faults(): ReturnType<Faults["list"]> {
    return this.#faults.list();
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  /** Returns what takes back every fault planned from now on; those there are already stay. */
  watchFaults(): () => void {
    const { planned } = this.#faults;
    return () => this.#faults.clear(planned);
  }

  /** Acts by hand, as a manager of the portal. */
  get staff(): Staff {
    return this.staffAs();
  }

  /** Acts by hand, as the user of this id. */
  staffAs(userId?: number): Staff {
    return new Staff(this.#world, userId);
  }

  /** Has another installation's people stand here. */
  addInstallation(installation: Installation = {}): ReturnType<typeof addInstallation> {
    return addInstallation(this, installation);
  }

  /** The same portal under a new name. With an origin, what still goes to another address is sent on to that one. */
  rename(domain: string, origin = ""): void {
    this.configure({ domain, movedTo: origin });
  }

  /** Another portal answers at the address of this one: other people, other customers, and the same ids for them. */
  becomeAnother({ domain = "another.bitrix24.example", customers = 3 } = {}): void {
    const { events, webhooks, users } = structuredClone(this.settings);
    this.reset();
    const others = users.map((user) => ({ ...user, name: `Other ${user.name}`, registered: "2025-06-01" }));
    this.configure({
      domain,
      memberId: "an07h3rp0r7a1an07h3rp0r7a1000000",
      movedTo: "",
      events,
      webhooks,
      users: others,
    });
    addCustomers(this, customers);
  }

  /** Resolves once no event is under way. */
  eventsSettled(): Promise<void> {
    return this.#world.events.settled();
  }

  /** Resolves once robots and managers have done what they had in mind, and nobody is to be told of it any more. */
  async settled(): Promise<void> {
    const { events, automation } = this.#world;
    while (!automation.idle || !events.idle) {
      await automation.settled();
      await events.settled();
    }
  }

  /** Drops events that are not yet on their way, and what robots and managers have not begun. */
  cancelEvents(): void {
    this.#world.events.cancel();
    this.#world.automation.cancel();
  }

  /** Back to the state of the beginning: no data, no faults, the first settings, the same seed. */
  reset(): void {
    this.cancelEvents();
    const { version } = this.#world;
    this.#preset = this.#options.preset ?? "lenient";
    this.#world = new World(this.#options);
    this.#world.version = version + 1;
    this.#faults = this.#newFaults();
  }

  /** What it holds, and where it stands in counting ids. */
  snapshot(): PortalSnapshot {
    return takeSnapshot(this.#world);
  }

  /** A reset, but with the data of a snapshot. */
  restore(snapshot: PortalSnapshot): void {
    this.reset();
    fillWorld(this.#world, snapshot);
  }
}

export function createPortal(options: FirstOptions = {}): Portal {
  return new Portal(options);
}
