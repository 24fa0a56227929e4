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

/** The same of a row of "User", by the name that it has in the statement. */
export function hasWithdrawnSql(user: '"User"' | "u"): Prisma.Sql {
  const own = Prisma.sql`from "Consent" w where w."userId" = ${Prisma.raw(user)}.id and w.kind = ${processingKind}`;
  return Prisma.sql`(exists (select 1 ${own} and w."withdrawnAt" is not null)
    and not exists (select 1 ${own} and w."withdrawnAt" is null))`;
}

/** When that was: of each person the latest consent counts. */
export const withdrawnAtSql = (user: '"User"'): Prisma.Sql => Prisma.sql`(
  select w."withdrawnAt" from "Consent" w where w."userId" = ${Prisma.raw(user)}.id and w.kind = ${processingKind}
  order by w.id desc limit 1)`;
