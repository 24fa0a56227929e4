import type { Actor } from "../audit/actor";
import type { Locale } from "../platform/locales";
import type { Services } from "../services";
import { type Changes, plannedUndo, type SettingTexts, undoSettings } from "../settings/change";
import { type SettingKey, setting } from "../settings/definitions";
import { zoneProblem } from "../settings/zone-problem";
import { concernsPortal, reviewSettings } from "./review";
import { isSettingsUndoneBy, undoOnce } from "./undone-by";

/** `problems`: words about what the portal no longer has. */
export type UndoAnswer = { outcome: "undone" } | { outcome: "refused"; problems: SettingTexts };

/**
 * Takes a change of settings back, unless the portal no longer has what stood before it: employees leave, and products,
 * stages and fields are deleted. As with saving, a portal that does not answer objects to nothing. Throws what
 * undoSettings throws, unless the actor has taken the change back before, and what `beforeUndoing` throws.
 */
export const undoReviewed = (
  services: Deps,
  wish: Wish,
  beforeUndoing: (changes: Changes) => Promise<void>,
): Promise<UndoAnswer> =>
  undoOnce(
    () => undoIfPortalAgrees(services, wish, beforeUndoing),
    () => isSettingsUndoneBy(services, wish.actor, wish.id),
  );

type Deps = Pick<Services, "db" | "env" | "settings" | "bitrix24" | "forms" | "consents">;
interface Wish {
  actor: Actor;
  id: number;
  locale: Locale;
}

async function undoIfPortalAgrees(
  services: Deps,
  { actor, id, locale }: Wish,
  beforeUndoing: (changes: Changes) => Promise<void>,
): Promise<UndoAnswer> {
  const changes = await plannedUndo(services, id);
  const keys = Object.keys(changes) as SettingKey[];
  const zone = await zoneProblem(services, { timeZone: changes.timeZone?.to ?? "" });
  if (zone) return { outcome: "refused", problems: { timeZone: zone[locale] } };
  const group = keys.map((key) => setting(key).group).find(concernsPortal);
  if (group) {
    const texts = Object.fromEntries(keys.map((key) => [key, changes[key]?.to ?? ""]));
    const { problems } = await reviewSettings(services, { group, texts, changes, locale });
    if (Object.keys(problems).length > 0) return { outcome: "refused", problems };
  }
  await beforeUndoing(changes);
  await undoSettings(services, { actor, id });
  return { outcome: "undone" };
}
