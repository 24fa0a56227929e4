import { type ActionFunctionArgs, data } from "@remix-run/node";
import { readForm } from "~/page/public-form.server";
import type { Actor, ActorRef } from "~server/audit/actor";
import { nameActors } from "~server/audit/actor-names";
import { parseSale } from "~server/bitrix24/sale";
import { Bitrix24Error } from "~server/bitrix24/transport/error";
import { AlreadyResolvedError } from "~server/conflicts/already-resolved";
import { type ConflictAction, isConflictAction, resolveConflict, type Shown } from "~server/conflicts/resolve";
import { requestReconcile } from "~server/deal-sync/reconcile-runs";
import { isAppError } from "~server/platform/errors";
import { parseId } from "~server/platform/ids";

/** Why a decision was not carried out. */
export type DecisionProblem =
  /** Another administrator has decided first. */
  | { code: "taken"; by: ActorRef; names: Record<string, string> }
  /** The conflict was resolved without a decision. */
  | { code: "gone" }
  /** The record to be removed is the one that the registration uses. */
  | { code: "kept" }
  /** The portal refused, or did not answer. */
  | { code: "portal"; portalCode: string };

export type ConflictResult =
  | { reconciliation: "started" | "already" }
  /** `waits`: the record is made once the person gives the consent again. */
  | { decided: ConflictAction; waits: boolean }
  | { problem: DecisionProblem };

/** The administrators' actions on conflicts; `intent` names the action. An unknown one is a 400. */
export async function actOnConflicts({ request, context }: ActionFunctionArgs, actor: Actor) {
  const { services } = context;
  const form = await readForm(request);
  if (form.get("intent") === "compare") {
    const { started } = await requestReconcile(services, { actor });
    return data<ConflictResult>({ reconciliation: started ? "started" : "already" });
  }
  const action = form.get("action");
  const conflictId = parseId(form.get("conflict"));
  if (!isConflictAction(action) || conflictId === null) throw data(null, { status: 400 });
  try {
    const dealId = parseId(form.get("deal"));
    const { waits } = await resolveConflict(services, { actor, conflictId, action, dealId, shown: readShown(form) });
    return data<ConflictResult>({ decided: action, waits });
  } catch (error) {
    // Of a person who was erased since the page was opened, or none that has ever been.
    if (isAppError(error, "NOT_FOUND")) return refusal({ code: "gone" }, error.status);
    if (isAppError(error, "INVALID")) throw data(null, { status: error.status });
    if (error instanceof Bitrix24Error) return refusal({ code: "portal", portalCode: error.code });
    if (!(error instanceof AlreadyResolvedError)) throw error;
    const { resolution, decidedBy } = error.details;
    if (decidedBy) return refusal({ code: "taken", by: decidedBy, names: await nameActors(services, [decidedBy]) });
    return refusal({ code: resolution === null ? "kept" : "gone" });
  }
}

function readShown(form: FormData): Shown {
  const shown: Shown = {};
  if (form.has("dismissed")) shown.dismissed = form.get("dismissed") === "true";
  if (form.has("sale")) {
    const sale = parseSale(String(form.get("sale")));
    if (!sale) throw data(null, { status: 400 });
    shown.sale = sale;
  }
  return shown;
}

const refusal = (problem: DecisionProblem, status = 409) => data<ConflictResult>({ problem }, { status });
