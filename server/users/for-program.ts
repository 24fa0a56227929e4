import type { Actor } from "../audit/actor";
import { hasWithdrawn } from "../consents/withdrawn";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import { getUser, type UserView } from "./users";

/**
 * What a caller of the program interface is told of one person whose id it knows. Throws NOT_FOUND where nobody has the
 * id: a program that looks after ids takes that for an erasure, so a person who has withdrawn a consent is no such case.
 */
export async function userForCaller(
  { db }: { db: Tx },
  { actor, id }: { actor: Actor; id: number },
): Promise<UserView> {
  const user = await getUser({ db }, id);
  if (!user) throw new AppError("NOT_FOUND");
  return toldToCaller({ db }, actor, user);
}

/**
 * The person as this caller is told them. Of one who has withdrawn the consent to the processing a token is told ids,
 * payment and state without details, which go nowhere (docs/decisions/0041-consents.md). Signed-in people are told them, as
 * their pages tell them.
 */
export async function toldToCaller({ db }: { db: Tx }, actor: Actor, user: UserView): Promise<UserView> {
  if (!(await isKeptFrom({ db }, actor, user.id))) return user;
  const { id, isPaid, paidAt, bitrix24ContactId, bitrix24DealId, crmState, isRegistration, holds, createdAt, form } =
    user;
  return {
    ...{ id, isPaid, paidAt, bitrix24ContactId, bitrix24DealId, crmState, isRegistration, holds, createdAt, form },
    ...{ firstName: "", lastName: null, company: null, email: "", phone: "", phoneExtension: null },
    ...{ emailConfirmedAt: null, utm: { first: {}, last: {} }, answers: {} },
  };
}

const isKeptFrom = async ({ db }: { db: Tx }, actor: Actor, id: number): Promise<boolean> =>
  actor.kind === "TOKEN" && (await db.user.count({ where: { id, ...hasWithdrawn } })) > 0;
