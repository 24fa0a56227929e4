import { causeOf } from "../alerts/kinds";
import { endAlert, raiseAlert } from "../alerts/raise";
import type { CrmSettings } from "../bitrix24/crm-settings";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { settingsGroups } from "../crm/settings-groups";
import { envOfForm } from "../forms/form-env";
import { againMs, claimProducts, freshMs, type ToldProduct } from "../forms/products";
import { unknownPrices, unpricedProducts } from "../forms/unpriced";
import { lookEvery } from "../platform/repeat";
import { readPortalState } from "../queue/circuit-breaker";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms" | "settings" | "log">;

/**
 * Asks the portal for the products that registration pages show, where no process has read them within the hour. Checks of
 * the connection and registrations read them anyway, so that is seldom: after a change of settings, or after an hour without
 * a registration. While the queue is paused nothing is asked.
 */
export async function lookAtProducts(deps: Deps): Promise<void> {
  const { db, bitrix24, forms, log } = deps;
  const due = shownProducts(deps).filter(({ productId }) => isDue(forms.product(productId)));
  if (due.length === 0 || (await readPortalState({ db })).pausedBy !== null) return;
  const claimed = await claimProducts(
    { db },
    due.map(({ productId }) => productId),
  );
  for (const settings of due.filter(({ productId }) => claimed.includes(productId)))
    try {
      await bitrix24.products.read(settings);
    } catch (err) {
      if (!(err instanceof Bitrix24Error)) throw err;
      log.debug({ err, product: settings.productId }, "the portal did not tell a product of the registration page");
    }
}

/** One of the settings for each product that an open form shows. */
function shownProducts({ env, forms }: Deps): CrmSettings[] {
  const shown = new Map<number, CrmSettings>();
  for (const { settings, forms: ids } of settingsGroups({ env, forms }).all) {
    const own = forms.all().filter(({ id, isClosed }) => !isClosed && (ids === null || ids.includes(id)));
    if (own.some(({ definition }) => envOfForm(env, definition.settings).SHOW_PRICE === "on"))
      shown.set(settings.productId, settings);
  }
  return [...shown.values()];
}

const isDue = (told: ToldProduct | undefined): boolean =>
  !told || (isOlder(told.askedAt, againMs) && (!told.readAt || isOlder(told.readAt, freshMs)));

const isOlder = (at: Date, ms: number): boolean => at.getTime() < Date.now() - ms;

/**
 * Alerts administrators to products whose deals are made without an amount, and ends the alerts that are no longer so. A
 * price that the portal does not tell any more ends none. Before anything is told the settings and prices are read anew:
 * an owner may have said a moment ago that the product is free, and another process may know a newer price.
 */
export async function tellUnpriced(deps: Deps): Promise<void> {
  const { db } = deps;
  const open = await db.alert.findMany({ where: { kind: "unpriced", overAt: null }, select: { cause: true } });
  const look = () => {
    const unpriced = unpricedProducts(deps);
    const doubtful = new Set([...unpriced, ...unknownPrices(deps)].map((id) => causeOf(alertTo(id))));
    return {
      begun: unpriced.map(alertTo).filter((alert) => !open.some(({ cause }) => cause === causeOf(alert))),
      over: open.filter(({ cause }) => !doubtful.has(cause)),
    };
  };
  const news = look();
  if (news.begun.length + news.over.length === 0) return;
  await Promise.all([deps.settings.reload(), deps.forms.reload()]);
  const { begun, over } = look();
  for (const { cause } of over) await endAlert(db, cause);
  for (const alert of begun) await raiseAlert(deps, alert);
}

const alertTo = (id: number) => ({ kind: "unpriced", facts: { id } }) as const;

/** Looks for such products from now on; returns a function that ends it. */
export function watchProducts(deps: Deps, { everyMs = 15_000 } = {}): () => Promise<void> {
  let stopped = false;
  const end = lookEvery(everyMs, async () => {
    if (stopped) return;
    await lookAtProducts(deps)
      .then(() => tellUnpriced(deps))
      .catch((err: unknown) => {
        if (!stopped) deps.log.warn({ err }, "the products of the registration pages could not be read");
      });
  });
  return async () => {
    stopped = true;
    await end();
  };
}
