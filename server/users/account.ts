import { Prisma } from "../../prisma/generated/client";
import type { Role } from "../../prisma/generated/enums";
import { type SessionView, shownSessions, viewSessions } from "../auth/sessions";
import { refusals, type SignInView, shownSignIns, viewSignIns } from "../auth/sign-in-history";
import { dealRemovedCode } from "../bitrix24/ownership-errors";
import { isRegistrationSql } from "../person/registered";
import type { Services } from "../services";
import { showUser, type UserRow, type UserView, viewColumns, viewUser } from "./users";

/** What a person's own page shows. */
export interface Account {
  user: UserView;
  /** Whether the deal that was made for the person had an amount. */
  isCharged: boolean;
  /** The address that is to take the present one's place once it is confirmed, as it is stored. */
  nextEmail: string | null;
  sessions: SessionView[];
  signIns: SignInView[];
  hasFactor: boolean;
}

/** Times in JSON are texts. */
type InJson<Row> = { [Name in keyof Row]: Row[Name] extends Date ? string : Row[Name] };

interface AccountRow extends Omit<UserRow, "attribution" | "form"> {
  role: Role;
  nextEmail: string | null;
  slug: string | null;
  first: Prisma.JsonValue;
  last: Prisma.JsonValue;
  sessions: InJson<Parameters<typeof viewSessions>[2][number]>[];
  started: InJson<Parameters<typeof viewSignIns>[0]["started"][number]>[];
  refused: InJson<Parameters<typeof viewSignIns>[0]["refused"][number]>[];
  hasFactor: boolean;
  isRegistration: boolean;
  isCharged: boolean;
  hasLostDeals: boolean;
}

const columns = Prisma.raw(viewColumns.map((name) => `u."${name}"`).join(", "));

/** The rows of a query as a list in JSON, in their order. */
const list = (query: Prisma.Sql): Prisma.Sql => Prisma.sql`array(select to_jsonb(each) from (${query}) each)`;

/**
 * Reads a person's own page by one statement: it is opened after each registration, and asks again while it waits. Null
 * where there is no such person, or it is erased.
 */
export async function readAccount(
  { db, env }: Pick<Services, "db" | "env">,
  { id }: { id: number },
  cookieHeader: string | null,
): Promise<Account | null> {
  const nextEmail = Prisma.sql`(
    select email from "EmailConfirmation"
    where "userId" = u.id and purpose = 'change' and "expiresAt" > ${new Date()} limit 1)`;
  const sessions = Prisma.sql`
    select id, "userAgent", "createdAt", "lastSeenAt" from "Session"
    where "userId" = u.id and "expiresAt" > ${new Date()} order by "lastSeenAt" desc, id limit ${shownSessions}`;
  const started = Prisma.sql`
    select at, "userAgent", address from "SignIn" where "userId" = u.id order by id desc limit ${shownSignIns}`;
  const refused = Prisma.sql`
    select at, action, details from "AuditEntry"
    where "targetId" = u.id and action = any(${refusals}) order by id desc limit ${shownSignIns}`;
  const [row] = await db.$queryRaw<AccountRow[]>`
    select ${columns}, u.role::text as role, ${nextEmail} as "nextEmail", a.first, a.last, f.slug,
      ${list(sessions)} as sessions, ${list(started)} as started, ${list(refused)} as refused,
      exists (select from "SecondFactor" s where s."userId" = u.id) as "hasFactor",
      ${isRegistrationSql("u")} as "isRegistration",
      coalesce(deal_cents(u."crmSale", u."crmProduct") > 0, false) as "isCharged",
      u."crmState" = 'SYNCED' and coalesce(u."crmError" = ${dealRemovedCode}, false) as "hasLostDeals"
    from "User" u left join "Attribution" a on a."userId" = u.id left join "Form" f on f.id = u."formId"
    where u.id = ${id} and u."erasedAt" is null`;
  if (!row) return null;
  const { first, last, slug } = row;
  const user = showUser(viewUser({ ...only(row), attribution: { first, last }, form: { slug } }, row.isRegistration));
  return {
    // The attempts of a person whose deals were removed have ended, and nobody has received the registration.
    user: row.hasLostDeals ? { ...user, crmState: "failed" } : user,
    isCharged: row.isCharged,
    nextEmail: row.nextEmail,
    sessions: viewSessions(
      env,
      row.role,
      row.sessions.map((session) => ({
        ...session,
        createdAt: new Date(session.createdAt),
        lastSeenAt: new Date(session.lastSeenAt),
      })),
      cookieHeader,
    ),
    signIns: viewSignIns({
      started: row.started.map((each) => ({ ...each, at: new Date(each.at) })),
      refused: row.refused.map((each) => ({ ...each, at: new Date(each.at) })),
    }),
    hasFactor: row.hasFactor,
  };
}

/** The columns of the user's own row. */
const only = (row: AccountRow): Omit<UserRow, "attribution"> =>
  Object.fromEntries(Object.entries(row).filter(([name]) => viewColumns.includes(name))) as Omit<
    UserRow,
    "attribution"
  >;
