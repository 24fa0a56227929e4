import type { Robot } from "./administration";
import type { EntityName } from "./crm/fields";
import { kinds } from "./crm/kinds";
import { addRows } from "./crm/product-rows";
import type { CrmRecord, Deal } from "./crm/records";
import { type Habit, practise } from "./habits";
import { Later } from "./later";
import type { World } from "./world";

/** What the portal and its people do by themselves when a program has made something. */
export class Automation {
  readonly #world: World;
  readonly #later = new Later();
  readonly #complete = new Set<number>();
  #importing = false;
  #isRobot = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** Robots without a delay run before the caller gets its answer, as they do on a portal. */
  created(entity: EntityName, record: CrmRecord, by: number): void {
    if (this.#importing) return;
    this.#startRobots("made", entity, record.id, by);
    if (entity === "deal") this.#follow(record.id, by, "created");
  }

  changed(entity: EntityName, record: CrmRecord, by: number): void {
    if (!this.#isRobot) this.#startRobots("changed", entity, record.id, by);
  }

  /** With its first product rows a deal is what managers take for an order. */
  rowsSaved(deal: Deal, by: number): void {
    if (this.#complete.has(deal.id) || !this.#world.rows.has(deal.id)) return;
    this.#complete.add(deal.id);
    this.#follow(deal.id, by, "complete");
  }

  /** Bulk import starts no robots, and nobody looks at what it has brought. */
  whileImporting<Result>(work: () => Result): Result {
    this.#importing = true;
    try {
      return work();
    } finally {
      this.#importing = false;
    }
  }

  get idle(): boolean {
    return this.#later.idle;
  }

  settled(): Promise<void> {
    return this.#later.settled();
  }

  cancel(): void {
    this.#later.cancel();
  }

  #startRobots(when: "made" | "changed", entity: EntityName, id: number, by: number): void {
    for (const robot of this.#world.settings.robots) {
      if (robot.on !== entity || (robot.when ?? "made") !== when) continue;
      const run = () => this.#carryOut(robot, id, robot.by ?? by);
      if (robot.afterMs) this.#later.run(robot.afterMs, run);
      else run();
    }
  }

  #carryOut({ on, set, rows = [] }: Robot, id: number, by: number): void {
    const record = this.#world.records[on].byId.get(id);
    if (!record) return;
    this.#isRobot = true;
    try {
      kinds[on].update(this.#world, record, set, [], by, true);
      const deal = on === "deal" && rows.length > 0 ? this.#world.deals.byId.get(id) : undefined;
      if (deal) addRows(this.#world, deal, rows);
    } finally {
      this.#isRobot = false;
    }
  }

  /** Managers look after what came from programs, not after their own. */
  #follow(dealId: number, by: number, when: "created" | "complete"): void {
    const { settings, random } = this.#world;
    if (this.#importing || !settings.webhooks.some(({ userId }) => userId === by)) return;
    for (const habit of settings.habits) {
      if ((habit.when ?? "complete") !== when || !random.chance(habit.share ?? 1)) continue;
      this.#later.run(habit.afterMs ?? 0, () => this.#act(habit, dealId));
    }
  }

  /** A manager who finds the deal gone, or nothing to do with it, leaves it alone. */
  #act({ act, by }: Habit, dealId: number): void {
    const deal = this.#world.deals.byId.get(dealId);
    if (deal) practise(this.#world, act, deal, by ?? firstManager);
  }
}

const firstManager = 2;
