import { Automation } from "./automation";
import { CallLog } from "./call-log";
import { Clock } from "./clock";
import { Collection } from "./crm/collection";
import { CommunicationIndex } from "./crm/communications";
import { seedCompanies } from "./crm/companies";
import { type EntityName, FieldTable } from "./crm/fields";
import type { ProductRow } from "./crm/product-rows";
import type { Company, Contact, CrmRecord, Deal, Lead } from "./crm/records";
import { RecycleBin } from "./crm/recycle-bin";
import { Events } from "./events";
import { OperatingMeter, RequestBucket } from "./protocol/limits";
import type { ValueMap } from "./protocol/values";
import { Random } from "./random";
import { configure, type FirstOptions, firstSettings, type PortalOptions, type Settings } from "./settings";
import { type Language, sentences, type TextKey, text } from "./text";

export interface Comment {
  id: number;
  entityType: string;
  entityId: number;
  authorId: number;
  text: string;
  createdTime: number;
}

export interface Payment {
  id: number;
  dealId: number;
  paid: boolean;
  paidAt: number | null;
  paidBy: number | null;
  products: { id: number; rowId: number; quantity: number }[];
}

/** A visit as the portal's analytics know it. */
export interface Trace {
  id: number;
  trace: ValueMap;
  entities: { type: string; id: number }[];
}

/** A notification that a program sent to an employee of the portal. */
export interface Notification {
  id: number;
  userId: number;
  kind: "personal" | "system";
  message: string;
  tag: string;
  createdTime: number;
}

/** Contacts, companies, leads and deals start far apart, so that an id put into the wrong place never fits by accident. */
export const firstIds = {
  contact: 3001,
  company: 4001,
  lead: 5001,
  deal: 7001,
  row: 11,
  multiField: 51,
  comment: 901,
  payment: 601,
  paymentProduct: 1,
  trace: 301,
  notification: 12_001,
};

export type NextIds = typeof firstIds;

/** Everything the portal knows. One object per portal; nothing is kept outside it. */
export class World {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Random;
  readonly contacts = new Collection<Contact>();
  readonly deals = new Collection<Deal>();
  readonly leads = new Collection<Lead>();
  readonly companies = new Collection<Company>();
  /** Ids of the settings' companies that have been made, whether they still exist or not. */
  readonly seededCompanies = new Set<number>();
  readonly records: Record<EntityName, Collection<CrmRecord>> = {
    contact: this.contacts,
    deal: this.deals,
    lead: this.leads,
    company: this.companies,
  };
  readonly communications = {
    contact: new CommunicationIndex(),
    lead: new CommunicationIndex(),
    company: new CommunicationIndex(),
  };
  readonly bin = new RecycleBin(this);
  readonly rows = new Map<number, ProductRow[]>();
  readonly comments = new Map<number, Comment>();
  readonly payments = new Map<number, Payment>();
  readonly traces = new Map<number, Trace>();
  readonly notifications = new Map<number, Notification>();
  readonly bucket = new RequestBucket();
  readonly operating = new OperatingMeter();
  readonly calls: CallLog;
  readonly events: Events;
  readonly automation: Automation;
  readonly nextIds: NextIds = { ...firstIds };
  /** Counts every change of data: who shows or keeps it compares, to see whether that is out of date. */
  version = 0;
  #fields: Partial<Record<EntityName, FieldTable>> = {};

  constructor(options: FirstOptions) {
    this.settings = firstSettings(options);
    this.clock = new Clock(options.startsAt);
    this.random = new Random(this.settings.seed);
    this.calls = new CallLog(this.settings.callLogSize);
    this.events = new Events(this);
    this.automation = new Automation(this);
    this.#begin();
  }

  configure(options: PortalOptions): void {
    configure(this.settings, options);
    this.#begin();
  }

  /** Resets everything but the data: as if the portal had been created with these options. */
  resetSettings(options: FirstOptions): void {
    Object.assign(this.settings, firstSettings(options));
    this.#begin();
  }

  /** What follows from the settings. */
  #begin(): void {
    this.clock.setSpeed(this.settings.clockSpeed);
    this.#fields = {};
    seedCompanies(this);
  }

  nextId(counter: keyof NextIds): number {
    return this.nextIds[counter]++;
  }

  fields(entity: EntityName): FieldTable {
    this.#fields[entity] ??= new FieldTable(entity, this.settings.userFields);
    return this.#fields[entity];
  }

  say(key: TextKey): string {
    return text(key, this.settings.language);
  }

  get sentences(): (typeof sentences)[Language] {
    return sentences[this.settings.language];
  }
}
