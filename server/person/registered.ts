import { Prisma } from "../../prisma/generated/client";

/**
 * Whether a row of "User", by the name that it has in the statement, is a registration: an administrator whom the operator made
 * has registered nowhere. Such an administrator counts as complete from the start, was never on a portal, has a password,
 * which imported people get only by mail, and lacks the origin that everyone has who registered. A complete registration may
 * have no records either: in a copy of a database those of earlier registrations belong to the installation that was copied,
 * and managers remove some. The origin is read by a subquery for one row: for an `exists`, PostgreSQL might read the origins
 * of all people to show one page.
 */
export const isRegistrationSql = (user: '"User"' | "u"): Prisma.Sql => {
  const of = (column: string) => Prisma.raw(`${user}."${column}"`);
  return Prisma.sql`(${of("crmState")} <> 'SYNCED'
    or ${of("bitrix24DealId")} is not null or ${of("bitrix24ContactId")} is not null
    or ${of("crmSyncedAt")} is not null or ${of("passwordHash")} is null
    or (select true from "Attribution" a where a."userId" = ${of("id")}) is true)`;
};
