import { lookUpStep } from "./progress";
import { Bitrix24Error } from "./transport/error";

const waits = (code: string, kind: "held" | "refused") =>
  new Bitrix24Error({ code, kind, applied: "no", method: lookUpStep });

/**
 * This database was moved or copied, so the records may belong to another installation: an administrator has to answer.
 */
export const unconfirmed = (): Bitrix24Error => waits(unconfirmedCode, "held");

/** The person's own deal has a foreign external id now. It is not written to, and no second deal is created. */
export const foreignMark = (): Bitrix24Error => waits(foreignMarkCode, "refused");

/**
 * Deals that were created for the person were removed on the portal, so no further one is created. None of them got its
 * product row, so only a registration that gets one shows that deals stay.
 */
export const dealRemoved = (): Bitrix24Error => waits(dealRemovedCode, "refused").with({ step: "row.set" });

export const dealRemovedCode = "DEAL_REMOVED";

/** Our own rule and not an answer of the portal, so it is never compared between people. */
export const foreignMarkCode = "FOREIGN_MARK";

const unconfirmedCode = "RESTORE_UNCONFIRMED";

/** Why nothing is sent for one person, by our own rules: it tells nothing of what the portal would answer others. */
export const barredCodes = [unconfirmedCode, foreignMarkCode];
