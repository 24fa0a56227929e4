import { data } from "@remix-run/node";
import type { ViewDone } from "~/features/saved-views/texts";
import { sentId } from "~/page/page-id.server";
import type { Actor } from "~server/audit/actor";
import { isAppError } from "~server/platform/errors";
import {
  changeView,
  removeView,
  saveView,
  setDefaultView,
  type ViewList,
  type ViewProblem,
} from "~server/saved-views/saved-views";
import type { Services } from "~server/services";

/** What the page says about the last form. */
export interface ViewsAnswer {
  done: ViewDone | null;
  refused: RefusedView | null;
}

/** A rejected form: its problem and its input. */
export interface RefusedView {
  /** Null: of a new view. */
  id: number | null;
  problem: ViewProblem;
  name: string;
  isShared: boolean;
}

interface Sent {
  actor: Actor & { kind: "USER" };
  list: ViewList;
  /** The filter of the page on which the form stands. */
  query: string;
  form: FormData;
}

/** Carries out a form about the saved views of a list. */
export async function actOnViews(services: Services, { actor, list, query, form }: Sent) {
  const intent = form.get("intent");
  const name = String(form.get("name") ?? "");
  const isShared = form.has("share");
  const refuse = (problem: ViewProblem, id: number | null) =>
    data<ViewsAnswer>(
      { done: null, refused: { id, problem, name, isShared } },
      { status: problem === "taken" || problem === "many" ? 409 : 400 },
    );
  const answer = (done: ViewDone) =>
    data<ViewsAnswer>({ done, refused: null }, { status: done === "gone" ? 404 : 200 });
  if (intent === "save") {
    const made = await saveView(services, { actor, list, name, query, isShared });
    return "problem" in made ? refuse(made.problem, null) : answer("saved");
  }
  const id = sentId(form.get("view"));
  try {
    if (intent === "change") {
      const changed = await changeView(services, { actor, id, name, isShared, shown: readShown(form) });
      return "problem" in changed ? refuse(changed.problem, id) : answer("changed");
    }
    if (intent === "remove") {
      await removeView(services, { actor, id });
      return answer("removed");
    }
    if (intent !== "default" && intent !== "noDefault") throw data(null, { status: 400 });
    await setDefaultView(services, { actor, id, isDefault: intent === "default" });
    return answer(intent);
  } catch (error) {
    if (isAppError(error, "NOT_FOUND")) return answer("gone");
    throw error;
  }
}

/** The view as the page showed it. */
function readShown(form: FormData) {
  const name = form.get("shownName");
  return typeof name === "string" ? { name, isShared: form.get("shownShared") === "true" } : undefined;
}
