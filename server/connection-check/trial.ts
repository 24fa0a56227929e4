import { setTimeout as sleep } from "node:timers/promises";
import { systemActor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Bitrix24 } from "../bitrix24/bitrix24";
import { updateDeals } from "../bitrix24/deals";
import { type Person, unsent } from "../bitrix24/person";
import type { ProductInfo } from "../bitrix24/product-info";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { createProgressStore } from "../crm/progress-store";
import { paidStageOf } from "../forms/form-env";
import { firstFormId } from "../forms/forms";
import { pickPerson } from "../person/fields";
import { elapsedMs } from "../platform/elapsed";
import { isAppError } from "../platform/errors";
import { getUtmForBitrix24, type UtmData } from "../registration/utmUtils";
import type { Services } from "../services";
import type { AnswerShapes } from "./answer-shapes";
import type { Check } from "./check";
import { checkConnection, isReady } from "./check-connection";
import { envOfFirst } from "./questions";
import { makeTestPerson, removeTestRegistration } from "./test-registration";
import { readTrialRecords, type TrialRecords, unlikeExpected } from "./trial-records";
import type { TrialReport, TrialStep, TrialStepName } from "./trial-report";

const retryMs = 2_000;

/** Remarks on a step that succeeded. */
type Notes = string[];

/** A step with an unexpected result, and what differs. */
class TrialFailure extends Error {
  readonly notes: Notes;

  constructor(notes: Notes) {
    super("the trial went wrong");
    this.notes = notes;
  }
}

/**
 * Takes one marked registration through the real portal: contact, deal, product row, paid stage and back. Removes all
 * of it again, even if a step fails. Writes nothing unless the portal is the known one and no check fails. `shapes`
 * collects the answers that the service `bitrix24` receives.
 */
export async function runTrial(services: Services, bitrix24: Bitrix24, shapes: AnswerShapes): Promise<TrialReport> {
  const observed = { ...services, bitrix24 };
  const trial = new Trial(observed);
  let checks: Check[] = [];
  const known = await trial.step("identity", async () => {
    if (!(await bitrix24.portal.isKnown(bitrix24.client)))
      throw new TrialFailure(["this is not the portal that this installation knows: see the page /admin/portal"]);
    await bitrix24.portal.assertKnown(bitrix24.client, { writes: true });
    return [];
  });
  const ready =
    known &&
    (await trial.step("check", async () => {
      checks = await checkConnection(observed);
      const red = checks.filter(({ state }) => state === "fail").map(({ id }) => id);
      if (!isReady(checks)) throw new TrialFailure([`red: ${red.join(", ")}`]);
      return [];
    }));
  if (ready) await trial.carryThrough();
  return { steps: trial.finish(), checks, methods: shapes.all };
}

class Trial {
  readonly #services: Services;
  readonly #steps: TrialStep[] = [];

  constructor(services: Services) {
    this.#services = services;
  }

  /** Runs a step and records its result; true if it succeeded. Errors that are not the portal's are thrown. */
  async step(name: TrialStepName, work: () => Promise<Notes>): Promise<boolean> {
    const started = performance.now();
    const note = (state: TrialStep["state"], notes: Notes) =>
      this.#steps.push({ name, state, notes, ms: performance.now() - started });
    try {
      note("ok", await work());
      return true;
    } catch (error) {
      if (error instanceof TrialFailure) note("failed", error.notes);
      else if (error instanceof Bitrix24Error) note("failed", [`${error.step ?? error.method}: ${error.code}`]);
      else throw error;
      return false;
    }
  }

  #skip(name: TrialStepName, because: string): void {
    this.#steps.push({ name, state: "skipped", notes: [because], ms: 0 });
  }

  finish(): TrialStep[] {
    return this.#steps;
  }

  async carryThrough(): Promise<void> {
    const userId = await makePerson(this.#services);
    try {
      const arrived = await this.step("registration", () => this.#register(userId));
      if (!arrived) return;
      let records: TrialRecords | undefined;
      const standing = await this.step("records", async () => {
        const { bitrix24 } = this.#services;
        records = await readTrialRecords(this.#services, userId);
        const differences = unlikeExpected(records, await this.#expected(userId, await bitrix24.getProductInfo()));
        if (differences.length > 0) throw new TrialFailure(differences);
        return [];
      });
      if (records && standing) await this.#pay(records);
    } finally {
      await this.step("removal", () => this.#remove(userId));
    }
  }

  async #register(userId: number): Promise<Notes> {
    const { bitrix24 } = this.#services;
    const person = await readPerson(this.#services, userId);
    const progress = createProgressStore(this.#services);
    const { failed } = await bitrix24.createDealOnRegistration([person], progress);
    for (const { error } of failed) throw error;
    return [];
  }

  async #pay({ deal }: TrialRecords): Promise<void> {
    // The person is one of the first form's, as everything else about them is.
    const paid = paidStageOf(this.#services, firstFormId);
    if (!paid) {
      this.#skip("paid", "no stage of paid deals is set: payment moves no deal");
      return this.#skip("back", "the deal was not moved");
    }
    const moved = await this.step("paid", () => this.#move(deal.id, paid));
    if (moved) await this.step("back", () => this.#move(deal.id, deal.stageId));
    else this.#skip("back", "the deal was not moved");
  }

  async #move(dealId: number, stageId: string): Promise<Notes> {
    const [outcome] = await updateDeals(this.#services.bitrix24.batchRunner, [{ dealId, fields: { stageId } }]);
    if (outcome && !outcome.ok) throw outcome.error;
    if (outcome?.value.stageId !== stageId) throw new TrialFailure([`the deal did not take the stage ${stageId}`]);
    return [];
  }

  /** Retries while requests may still take effect and during outages, for as long as a late request may need. */
  async #remove(userId: number): Promise<Notes> {
    const { env } = this.#services;
    const until = elapsedMs() + env.BITRIX24_TIMEOUT_MS + env.BITRIX24_SETTLE_MS + 30 * retryMs;
    for (;;) {
      try {
        const { deals, contacts } = await removeTestRegistration(this.#services, { actor: systemActor, userId });
        return [`removed: deals ${deals}, contacts ${contacts}`];
      } catch (error) {
        const waits = isAppError(error, "CONFLICT") || (error instanceof Bitrix24Error && error.kind !== "blocked");
        if (!waits || elapsedMs() > until) throw leftBehind(error, userId);
      }
      await sleep(retryMs);
    }
  }

  async #expected(userId: number, product: ProductInfo) {
    const { bitrix24, db } = this.#services;
    const { email, phone } = await db.user.findUniqueOrThrow({
      where: { id: userId },
      select: { email: true, phone: true },
    });
    return {
      userId,
      email,
      phone,
      product,
      env: envOfFirst(this.#services),
      originatorId: (await bitrix24.marks()).own,
      utm: utmTags,
    };
  }
}

/** One tag of each kind, with characters that some portals have corrupted. */
const utmTags = {
  utmSource: "bitrix24-check",
  utmMedium: "trial",
  utmCampaign: "Проба ё",
  utmContent: "a+b & c",
  utmTerm: "100%",
};

/** Failed permanently from the start, so that no worker sends this person: the trial does. */
const makePerson = ({ db }: Pick<Services, "db">): Promise<number> =>
  db.$transaction(async (tx) => {
    const name = { firstName: "Test", lastName: "Trial" };
    const touch = Object.fromEntries(
      Object.entries(utmTags).map(([key, value]) => [key.replace("utm", "utm_").toLowerCase(), value]),
    );
    const { id } = await makeTestPerson(tx, { name, locale: "en", touch, crmState: "FAILED" });
    await audit(tx, { actor: systemActor, action: "test.start", targetId: id });
    return id;
  });

async function readPerson({ db, bitrix24 }: Pick<Services, "db" | "bitrix24">, userId: number): Promise<Person> {
  const row = await db.user.findUniqueOrThrow({ where: { id: userId }, include: { attribution: true } });
  return {
    userId,
    createdAt: row.createdAt,
    insertedAt: row.insertedAt,
    ...pickPerson(row),
    locale: row.locale,
    utm: getUtmForBitrix24((row.attribution ?? { first: null, last: null }) as UtmData),
    settings: bitrix24.settings,
    assignedById: null,
    emailConfirmed: false,
    ...unsent(),
    visit: {},
  };
}

function leftBehind(error: unknown, userId: number): TrialFailure {
  const code = error instanceof Bitrix24Error || isAppError(error) ? error.code : "UNKNOWN";
  return new TrialFailure([code, `remove test registration ${userId} on the page /bitrix24-test`]);
}
