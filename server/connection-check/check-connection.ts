import { Bitrix24Error } from "../bitrix24/transport/error";
import { settingsGroups } from "../crm/settings-groups";
import { type Check, check, checkIds, refused } from "./check";
import { demands, fields } from "./demands";
import { forms } from "./forms";
import { funnel, paidStage, stage } from "./funnel";
import { currency, product } from "./goods";
import { marks } from "./marks";
import { messages } from "./messages";
import { responsible, source } from "./people";
import { provenDemands } from "./proven-demands";
import { type Asked, askPortal, type CheckDeps, envOfFirst, reader } from "./questions";
import {
  communications,
  credentials,
  duplicates,
  reading,
  readSamples,
  rows,
  scopes,
  visibility,
  writing,
} from "./rights";
import { clock, database, events, mail } from "./surroundings";

/**
 * Asks the portal for everything a registration depends on, in two requests that write nothing. Only what would stop
 * a registration fails; what cannot be checked, or is merely unusual, is a warning. Never throws for what the portal
 * says: an unreachable or rejecting portal is a failed check with its code.
 */
export async function checkConnection(deps: CheckDeps): Promise<Check[]> {
  const [checks, mailing] = await Promise.all([askAll(deps), mail(deps)]);
  // If the portal could not be asked at all, a working mail server is not worth a line.
  const told = checks.length > 1 || mailing.state !== "ok" ? [...checks, mailing] : checks;
  const byId = new Map(told.map((each) => [each.id, each]));
  return checkIds.map((id) => byId.get(id) ?? check(id, "skip"));
}

/** True if a registration would go through: nothing failed. */
export const isReady = (checks: Check[]): boolean => checks.every(({ state }) => state !== "fail");

async function askAll(deps: CheckDeps): Promise<Check[]> {
  try {
    return await checksOf(deps, await askPortal(deps));
  } catch (error) {
    if (error instanceof Bitrix24Error) return [refused("credentials", error, "fail")];
    throw error;
  }
}

async function checksOf(deps: CheckDeps, asked: Asked): Promise<Check[]> {
  const read = reader(asked);
  const first = { env: envOfFirst(deps) };
  const { db, forms: all, env } = deps;
  const groups = all && settingsGroups({ env, forms: all });
  const proven = db && (await provenDemands({ db }, groups?.of(null)?.forms ?? null));
  const maps = groups?.all.map(({ settings }) => settings.fieldRules) ?? [];
  const samples = await readSamples(deps, read);
  return [
    credentials(read),
    scopes(read),
    communications(reading("contacts", asked), samples),
    reading("deals", asked),
    duplicates(read),
    rows(read, samples),
    await writing(deps, read),
    demands(first, asked, { proven, maps }),
    fields(first, asked),
    await product(deps, asked.product),
    currency(read),
    funnel(first, read),
    stage(first, read),
    paidStage(first, read),
    source(deps, read),
    responsible(deps, asked),
    await forms(deps),
    visibility(read),
    await marks(deps, asked.marks),
    clock(read),
    await events(deps),
    await messages(deps, read),
    await database(deps),
  ];
}
