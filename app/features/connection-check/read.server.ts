import { portalCardUrl } from "~server/bitrix24/card-url";
import { isTestUser } from "~server/connection-check/test-registration";
import { listCrmLog } from "~server/crm/call-log";
import { paymentHistory } from "~server/payments/payments";
import { parseId } from "~server/platform/ids";
import { personNumber } from "~server/platform/person-number";
import type { Services } from "~server/services";
import { getShownUser, type UserView } from "~server/users/users";
import { readQueue } from "~server/worker/queue-view";

type Deps = Pick<Services, "db" | "env" | "bitrix24">;

/** More than a registration's steps; of a registration that was retried often, the last steps. */
const shownSteps = 30;

/** Links to the person's contact and deal on the portal. */
function cardsOf({ bitrix24 }: Deps, user: UserView) {
  const card = (kind: "contact" | "deal", id: number | null) =>
    id === null ? null : portalCardUrl(bitrix24.client.host, kind, id);
  return { contact: card("contact", user.bitrix24ContactId), deal: card("deal", user.bitrix24DealId) };
}

/** A test registration with its steps; null if the URL names none. */
export async function readTestRun(deps: Deps, asked: string | null) {
  const id = parseId(asked);
  const user = id === null ? null : await getShownUser(deps, id);
  if (!user || !isTestUser(user)) return null;
  const [log, queue] = await Promise.all([listCrmLog(deps, user.id, { limit: shownSteps }), readQueue(deps)]);
  return { user, steps: log.entries.reverse(), queue, links: cardsOf(deps, user) };
}

export type TestRunView = NonNullable<Awaited<ReturnType<typeof readTestRun>>>;

export interface ChosenUser {
  asked: string;
  user: UserView | null;
  /** Id of the newest payment change. */
  changeId: number | null;
  links: { contact: string | null; deal: string | null };
  /** The HTTP status for a URL that names no user. */
  problem: 404 | null;
}

/** The user whom the page's second half shows. */
export async function readChosenUser(deps: Deps, asked: string | null): Promise<ChosenUser> {
  const nobody = { asked: asked ?? "", user: null, changeId: null, links: { contact: null, deal: null } };
  if (!asked) return { ...nobody, problem: null };
  const id = personNumber(asked);
  const user = id === null ? null : await getShownUser(deps, id);
  if (id === null || !user) return { ...nobody, problem: 404 };
  const [newest] = await paymentHistory(deps, id, { limit: 1 });
  return { ...nobody, user, changeId: newest?.id ?? null, links: cardsOf(deps, user), problem: null };
}
