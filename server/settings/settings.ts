import type { Env } from "../platform/env";
import { type Fresh, keepFresh } from "../platform/repeat";
import type { Services } from "../services";
import { isSettingKey, type SettingKey, setting, settingKeys } from "./definitions";
import { readSetting, type SettingValues } from "./read-setting";
import { resealed } from "./secret-text";

type Deps = Pick<Services, "db" | "log"> & { env: Env };

type Reaction = () => Promise<void>;

/** The settings of a process, always as they were read last. */
export interface Settings extends Fresh {
  /** The environment together with the stored settings. Read a value where it is needed; a copy would grow stale. */
  env: Env;
  /** Is called after each change, never twice at a time, and again at each reading until it succeeds. */
  onChange(react: Reaction): void;
}

/** Reads the stored settings and follows their changes. A locked setting has the environment's value. */
export async function openSettings(deps: Deps, { follow: follows = true } = {}): Promise<Settings> {
  const { db, env, log } = deps;
  let seen = new Map<string, string>();
  let values: SettingValues = {};
  const reactions: Reaction[] = [];
  const due = new Set<Reaction>();
  const failing = new Set<Reaction>();

  async function read(): Promise<void> {
    const rows = await db.setting.findMany({ orderBy: { key: "asc" } });
    const stored = new Map(rows.map(({ key, value }) => [key, value]));
    if (stored.size !== seen.size || rows.some(({ key, value }) => seen.get(key) !== value)) {
      values = readAll(deps, stored);
      seen = stored;
      for (const react of reactions) due.add(react);
    }
    for (const react of due) await follow(react);
  }

  /** A part that fails keeps no other part from following the change, and nobody from saving settings. */
  async function follow(react: Reaction): Promise<void> {
    try {
      await react();
      due.delete(react);
      failing.delete(react);
    } catch (err) {
      // Loud once: it is tried again every two seconds.
      const level = failing.has(react) ? "debug" : "warn";
      failing.add(react);
      log[level]({ err }, "a change of settings has not taken effect everywhere yet: it is tried again");
    }
  }

  if (follows) await resealAll({ db, env });
  const fresh = await keepFresh(read, { log, what: "settings", follow: follows });
  return {
    env: overlay(env, () => values),
    onChange: (react) => void reactions.push(react),
    ...fresh,
  };
}

/** What an older session secret has sealed is sealed by the present one, so that the older can be removed. */
async function resealAll({ db, env }: Pick<Deps, "db" | "env">): Promise<void> {
  for (const { key, value } of await db.setting.findMany()) {
    const next = isSettingKey(key) ? resealed(env, key, value) : null;
    if (next !== null) await db.setting.updateMany({ where: { key, value }, data: { value: next } });
  }
}

/** The stored values by the names of their variables. What this release cannot read is left at its default. */
function readAll({ env, log }: Deps, stored: Map<string, string>): SettingValues {
  const values: Record<string, unknown> = {};
  for (const [key, text] of stored) {
    if (!isSettingKey(key)) continue;
    const read = readSetting(key, text, env);
    if ("problem" in read) log.warn({ key }, "a stored setting cannot be read: its default is used");
    else if (read.value !== undefined && !isLocked({ env }, key)) values[setting(key).env] = read.value;
  }
  return values;
}

export const isLocked = ({ env }: Pick<Deps, "env">, key: SettingKey): boolean => env.NAMED.has(setting(key).env);

/** The environment with these values in the place of its own, read at each access. */
export function overlay(env: Env, values: () => SettingValues): Env {
  const live = { ...env };
  for (const key of settingKeys) {
    const name = setting(key).env as keyof SettingValues;
    if (isLocked({ env }, key)) continue;
    Object.defineProperty(live, name, {
      enumerable: true,
      configurable: true,
      get: () => (Object.hasOwn(values(), name) ? values()[name] : env[name]),
    });
  }
  return live;
}
