import { Bitrix24Error } from "../bitrix24/transport/error";
import { holdUnfit, releaseUnfit } from "../crm/form-holds";
import { type SettingsGroup, settingsGroups } from "../crm/settings-groups";
import { envOfForm } from "../forms/form-env";
import type { Services } from "../services";
import { type Check, type CheckId, subjectOf } from "./check";
import { demands, fields } from "./demands";
import { funnel, stage } from "./funnel";
import { provenDemands } from "./proven-demands";
import { askPortal, reader } from "./questions";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "log" | "forms" | "queue">;

/** What no longer fits, and what it is about. */
interface Unfit {
  what: CheckId;
  field?: string;
}

/**
 * Where forms have settings of their own and some fit the portal: people of a form whose settings no longer do wait before
 * the first of them is lost, and go on once they fit. The other forms' people are not held up.
 */
export async function followForms(deps: Deps, { mayPause }: { mayPause: boolean }): Promise<void> {
  const { all } = settingsGroups(deps);
  if (all.length < 2) return;
  for (const group of all) {
    if (!isOpen(deps, group) && !(await isHeld(deps, group))) continue;
    const found = await look(deps, group);
    if (found === "untold") continue;
    // As for the site's settings, one odd answer of the portal stops nothing.
    const again = found && (await look(deps, group));
    if (found && (again === "untold" || again?.what !== found.what)) continue;
    if (!found) await releaseUnfit(deps, group);
    else if (mayPause) await holdUnfit(deps, group, found);
  }
}

/** The people of a form that was closed since may still wait for it. */
const isHeld = async ({ db }: Pick<Deps, "db">, { key }: SettingsGroup): Promise<boolean> =>
  (await db.formHold.findUnique({ where: { key }, select: { key: true } })) !== null;

/** Nobody registers by closed forms. */
const isOpen = ({ forms }: Deps, group: SettingsGroup): boolean =>
  group.forms?.some((id) => forms.byId(id)?.isClosed === false) ?? false;

/** Null if all fits; "untold" if the portal does not answer. */
async function look(deps: Deps, group: SettingsGroup): Promise<Unfit | null | "untold"> {
  const { bitrix24, db, forms } = deps;
  const own = forms.byId(group.formId)?.definition.settings ?? {};
  const form = { bitrix24, env: envOfForm(deps.env, own) };
  try {
    const asked = await askPortal(form);
    const read = reader(asked);
    const proven = await provenDemands({ db }, group.forms);
    const demanded = demands(form, asked, { proven });
    const wrong = [fields(form, asked), funnel(form, read), stage(form, read)].find(isWrong);
    if (wrong) return unfitBy(wrong);
    const product = await lookAtProduct(deps, group);
    // Last, because people who wait for a mandatory field alone are tried: nothing else may be wrong with what they send.
    return (product === null || product === "untold") && isWrong(demanded) ? unfitBy(demanded) : product;
  } catch (error) {
    if (error instanceof Bitrix24Error) return "untold";
    throw error;
  }
}

const isWrong = ({ state }: Check): boolean => state === "fail";
const unfitBy = (wrong: Check): Unfit => ({ what: wrong.id, ...subjectOf(wrong) });

async function lookAtProduct({ bitrix24 }: Deps, { settings }: SettingsGroup): Promise<Unfit | null | "untold"> {
  const unfit: Unfit = { what: "product", field: String(settings.productId) };
  try {
    const { priceUsd } = await bitrix24.products.read(settings);
    return priceUsd === undefined ? unfit : null;
  } catch (error) {
    if (!(error instanceof Bitrix24Error)) throw error;
    return error.code === "PRODUCT_NOT_FOUND" ? unfit : "untold";
  }
}
