import type { Bitrix24, SyncResults } from "../bitrix24/bitrix24";
import type { ProgressPort } from "../bitrix24/progress";
import type { Person } from "../bitrix24/registrant";
import { halted } from "../bitrix24/transport/batch";
import { Bitrix24Error } from "../bitrix24/transport/error";

/** So many fail by themselves, one after another, and nobody gets through: looking for a culprit leads nowhere. */
const culpritsInARow = 3;

/**
 * Carries people to the portal. A look-up that fails as a whole while the portal is well has one culprit among many
 * innocent: halves are tried until it stands alone. If one after another does, it is everybody's cause, and those left
 * are not tried.
 */
export async function carryTogether(
  bitrix24: Bitrix24,
  people: Person[],
  progress: ProgressPort,
): Promise<SyncResults> {
  let culprits = 0;

  const carry = async (group: Person[]): Promise<SyncResults> => {
    if (culprits >= culpritsInARow) return all(group, halted("lookup"));
    try {
      const results = await bitrix24.createDealOnRegistration(group, progress);
      culprits = 0;
      return results;
    } catch (error) {
      if (!(error instanceof Bitrix24Error)) throw error;
      const personal = error.kind === "refused" || (error.kind === "outage" && (await answersProbe(bitrix24)));
      if (!personal) return all(group, error);
      if (group.length === 1) {
        culprits++;
        return all(group, error.with({ kind: "refused" }));
      }
      const half = Math.ceil(group.length / 2);
      return new Map([...(await carry(group.slice(0, half))), ...(await carry(group.slice(half)))]);
    }
  };
  return carry(people);
}

const all = (people: Person[], error: Bitrix24Error): SyncResults =>
  new Map(people.map(({ userId }) => [userId, error]));

/** Whether the portal answers a question that has nothing to do with anyone's data. */
async function answersProbe(bitrix24: Bitrix24): Promise<boolean> {
  try {
    await bitrix24.probe();
    return true;
  } catch (error) {
    if (error instanceof Bitrix24Error) return false;
    throw error;
  }
}
