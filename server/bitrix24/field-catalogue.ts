import { elapsedMs } from "../platform/elapsed";
import type { FieldRule } from "../platform/field-map";
import { fieldLabel, fieldQuestions, readFieldDescriptions } from "./field-descriptions";
import { filledBy } from "./mapped-fields";
import { entityOfStep, type FieldDescriptions, unmetDemands } from "./sent-fields";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

/** Descriptions are read again after this time, and whenever a caller asks for fresh ones. */
const freshMs = 10 * 60_000;

/** Caches the portal's field descriptions: they are long, and change rarely. */
export class FieldCatalogue {
  readonly #client: Bitrix24Client;
  #known: { fields: FieldDescriptions; until: number } | undefined;

  constructor(client: Bitrix24Client) {
    this.#client = client;
  }

  /** Throws Bitrix24Error. */
  async read({ fresh = false }: { fresh?: boolean } = {}): Promise<FieldDescriptions> {
    if (!fresh && this.#known && this.#known.until > elapsedMs()) return this.#known.fields;
    const fields = readFieldDescriptions(await this.#client.batch(fieldQuestions));
    this.#known = { fields, until: elapsedMs() + freshMs };
    return fields;
  }

  /**
   * For creating records: without the descriptions the fields that the settings fill would stay empty, and nothing fills
   * them later. If reading fails, the descriptions of the last successful reading are returned. If there has been none:
   * null where the portal refuses the request, otherwise throws Bitrix24Error.
   */
  async readForRecords(): Promise<FieldDescriptions | null> {
    try {
      return await this.read();
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      if (this.#known) return this.#known.fields;
      if (error.kind === "refused" || error.kind === "blocked") return null;
      throw error;
    }
  }

  /** Null if the portal does not return them: for what is only told. */
  async tryRead(options?: { fresh?: boolean }): Promise<FieldDescriptions | null> {
    try {
      return await this.read(options);
    } catch (error) {
      if (error instanceof Bitrix24Error) return null;
      throw error;
    }
  }

  /**
   * Whether the portal still describes this field, which registrations do not send, as mandatory. Throws Bitrix24Error.
   */
  async stillDemands(step: string, label: string, rules: FieldRule[]): Promise<boolean> {
    const entity = entityOfStep(step);
    if (!entity) return false;
    const descriptions = await this.read({ fresh: true });
    const { never } = unmetDemands(descriptions, entity, filledBy(rules, descriptions, entity));
    return never.some((field) => fieldLabel(field) === label);
  }
}
