import { Prisma } from "../../prisma/generated/client";
import { processingKind } from "./kinds";

/**
 * Who has withdrawn the consent to the processing and not given it again. The hold of the same name says less: a registration
 * that had reached the CRM by then has none.
 */
export const hasWithdrawn = {
  consents: {
    some: { kind: processingKind, withdrawnAt: { not: null } },
    none: { kind: processingKind, withdrawnAt: null },
  },
} satisfies Prisma.UserWhereInput;

/** The same of the registration `u`. */
export const hasWithdrawnSql = Prisma.sql`(
  exists (select 1 from "Consent" w where w."userId" = u.id and w.kind = ${processingKind} and w."withdrawnAt" is not null)
  and not exists (select 1 from "Consent" w where w."userId" = u.id and w.kind = ${processingKind} and w."withdrawnAt" is null))`;
