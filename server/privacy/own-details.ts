import type { User } from "../../prisma/generated/client";
import type { Services } from "../services";
import { crmStateView } from "../users/users";

type Db = Services["db"];

interface Told {
  name: string;
  /** The column itself where it is left out. */
  take?: (user: User, db: Db) => unknown;
  /** It tells the portal's numbers, or whether phone or e-mail were a customer's before. */
  forAdministrators?: true;
}

/** A column that the copy leaves out, and why. */
interface LeftOut {
  because: string;
}

const work = { because: "how far the work of sending the registration has come, moments ago" };
const employee = { because: "which employee of the operator the deal went to, by the portal's number" };

/** What a copy says of each column of the person's row. Complete by its types: a new column does not compile until it is decided here. */
const columns: Record<keyof User, Told | LeftOut> = {
  id: { name: "id" },
  firstName: { name: "firstName" },
  lastName: { name: "lastName" },
  company: { name: "company" },
  email: { name: "email" },
  phone: { name: "phone" },
  phoneExtension: { name: "phoneExtension" },
  emailConfirmedAt: { name: "emailConfirmedAt" },
  confirmationSentAt: { name: "confirmationSentAt" },
  locale: { name: "language" },
  role: { name: "role" },
  passwordHash: { name: "hasPassword", take: ({ passwordHash }) => passwordHash !== null },
  createdAt: { name: "registeredAt" },
  insertedAt: { name: "enteredHereAt" },
  isPaid: { name: "isPaid" },
  paidAt: { name: "paidAt" },
  source: { name: "source" },
  campaign: { name: "campaign" },
  formId: {
    name: "form",
    take: async ({ formId }, db) =>
      formId === null ? null : await db.form.findUnique({ where: { id: formId }, select: { slug: true, name: true } }),
  },
  answers: { name: "answers" },
  crmState: { name: "registrationState", take: ({ crmState }) => crmStateView(crmState) },
  holds: { name: "waitsFor" },
  crmProduct: { name: "product", take: ({ crmProduct }) => picked(crmProduct, ["name", "priceUsd"]) },
  crmSale: { name: "sold", take: ({ crmSale }) => picked(crmSale, ["currency", "amount", "rows"]) },
  crmSyncedAt: { name: "handedOverAt" },
  crmTracedAt: { name: "visitHandedOverAt" },
  bitrix24ContactId: { name: "bitrix24ContactId", forAdministrators: true },
  bitrix24DealId: { name: "bitrix24DealId", forAdministrators: true },
  crmContactBy: { name: "contactFoundBy", forAdministrators: true },
  crmTraceId: { name: "visitId", forAdministrators: true },
  crmError: { name: "lastFailure", forAdministrators: true },
  crmErrorField: { name: "lastFailureField", forAdministrators: true },
  crmLeftOut: { name: "refusedByCrm", forAdministrators: true },
  crmAssignedById: employee,
  crmResponsibleId: employee,
  crmPendingSince: work,
  crmAttempts: work,
  crmUncertain: work,
  crmNextAttemptAt: work,
  crmInFlightUntil: work,
  crmRowUncertain: work,
  erasedAt: { because: "of an erased person there is no copy" },
};

/** Those parts of a stored object. What a deal sold is stored with the deal's number. */
function picked(stored: unknown, names: string[]): Record<string, unknown> | null {
  if (!stored || typeof stored !== "object") return null;
  return Object.fromEntries(Object.entries(stored).filter(([name]) => names.includes(name)));
}

/** The person's row with plain names. */
export async function ownDetails(
  db: Db,
  user: User,
  { forAdministrator }: { forAdministrator: boolean },
): Promise<Record<string, unknown>> {
  const details: Record<string, unknown> = {};
  for (const [column, told] of Object.entries(columns) as [keyof User, Told | LeftOut][]) {
    if ("because" in told || (told.forAdministrators && !forAdministrator)) continue;
    details[told.name] = told.take ? await told.take(user, db) : user[column];
  }
  return { ...details, handedOver: isHandedOver(user) };
}

/**
 * An administrator whom the operator made is complete without ever having been sent, as is a registration that a copy of a
 * database left to its original.
 */
export const isHandedOver = ({ crmState, crmSyncedAt, bitrix24ContactId }: User): boolean =>
  crmState === "SYNCED" && (crmSyncedAt ?? bitrix24ContactId) !== null;
