import { Bitrix24Error } from "./transport/error";

const waits = (code: string, kind: "held" | "refused") =>
  new Bitrix24Error({ code, kind, applied: "no", method: "lookup" });

/** The records may belong to another installation, since this database was moved or copied: an administrator has to say. */
export const unconfirmed = (): Bitrix24Error => waits("RESTORE_UNCONFIRMED", "held");

/** The person's own deal bears a mark of others by now. Neither is it written to, nor is another one made beside it. */
export const foreignMark = (): Bitrix24Error => waits(foreignMarkCode, "refused");

/** Our own rule and no answer of the portal: it is never compared between people. */
export const foreignMarkCode = "FOREIGN_MARK";
