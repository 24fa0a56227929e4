import { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { hasWithdrawnSql } from "../consents/withdrawn";
import type { Tx } from "../database/db";
import { inLongTransaction } from "../database/time-limits";
import { hasUnfitCharacters } from "../platform/clean-text";
import { AppError } from "../platform/errors";
import type { Services } from "../services";

/**
 * Paid registrations for the advertising systems whose ids the visits brought. Each is in one file only; a file can
 * be downloaded again at any time, and is the same then.
 */

export const adSystems = ["yandex", "google"] as const;
export type AdSystem = (typeof adSystems)[number];
export const isAdSystem = (text: unknown): text is AdSystem => adSystems.some((each) => each === text);

/** `retract`: payments that were undone after they had been in a file. */
export type ConversionKind = "add" | "retract";

/** The parameter by which a system finds the click again. */
const clickKeys: Record<AdSystem, string> = { yandex: "yclid", google: "gclid" };
/** The id by which it knows the browser again where no click is known; null: it takes clicks only. */
const clientKeys: Record<AdSystem, string | null> = { yandex: "ym_client_id", google: null };
/** What a system itself makes. Anything else was typed by a visitor, and may be a formula for a spreadsheet. */
const clickId = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$";
const clientId = "^[1-9][0-9]{4,24}$";

/**
 * By what the system finds the visit of each registration `u` again: by the click if one is known, else by the browser.
 * Registrations without either are left out.
 */
function tracedIn(system: AdSystem): Prisma.Sql {
  const [click, client] = [clickKeys[system], clientKeys[system]];
  const clientOf = client ? Prisma.sql`coalesce(a.first->>${client}, a.last->>${client})` : Prisma.sql`null::text`;
  return Prisma.sql`
    "Attribution" a on a."userId" = u.id
    cross join lateral (select coalesce(a.last->>${click}, a.first->>${click}) as click, ${clientOf} as client) known
    cross join lateral (select known.click ~ ${clickId} is true as "isClick") judged
    join lateral (select case when judged."isClick" then known.click else known.client end as id) traced
      on judged."isClick" or known.client ~ ${clientId}`;
}

const conversionNameLimit = 100;

export interface ConversionCounts {
  /** Paid, with an id that the system knows, in no file yet, and with the consent to the processing not withdrawn. */
  ready: number;
  /** In a file, and no longer paid. */
  undone: number;
}

export interface ConversionExportView {
  id: number;
  at: string;
  system: AdSystem;
  kind: ConversionKind;
  name: string;
  count: number;
  /** The identifier that is in Metrica's file; null: the system has one only, or its people were erased. */
  by: "yclid" | "ClientId" | null;
}

type Deps = Pick<Services, "db">;

interface MadeFile {
  id: number;
  count: number;
}

interface MadeExport {
  id: number;
  at: Date;
  system: AdSystem;
  kind: ConversionKind;
  name: string;
  count: number;
  /** Whether the file names clicks, read from one of its conversions, which are all alike. Null: none of them is left. */
  isClick: boolean | null;
}

/** For each system what a new file would hold. */
export async function countConversions({ db }: Deps): Promise<Record<AdSystem, ConversionCounts>> {
  const counts = await Promise.all(
    adSystems.map(async (system) => {
      const [row] = await db.$queryRaw<{ ready: number; undone: number }[]>`
        select
          (select count(*)::int from "User" u join ${tracedIn(system)}
           where u."isPaid" and u."paidAt" is not null and u.role = 'USER' and u.email not like '%@example.invalid'
             and not ${hasWithdrawnSql("u")} and not exists (select 1 from "Conversion" c
                             where c."userId" = u.id and c.system = ${system} and c."retractId" is null)) as ready,
          (select count(*)::int from "Conversion" c join "User" u on u.id = c."userId"
           where c.system = ${system} and c."retractId" is null and not u."isPaid") as undone`;
      return [system, row ?? { ready: 0, undone: 0 }] as const;
    }),
  );
  return Object.fromEntries(counts) as Record<AdSystem, ConversionCounts>;
}

/** In Metrica one kind of identifier is chosen for an uploaded file, so that clicks and browsers need a file each. */
const filesOf = (system: AdSystem, kind: ConversionKind): { isClick?: boolean }[] =>
  clientKeys[system] !== null && kind === "add" ? [{ isClick: true }, { isClick: false }] : [{}];

/**
 * Makes files of everything that is in none yet, one for each kind of identifier, or takes back what is no longer paid.
 * Two that are made together share the registrations between them. None if there is nothing. `name`: as the system calls
 * the conversion.
 */
export async function makeConversions(
  { db }: Deps,
  { actor, system, kind, name }: { actor: Actor; system: AdSystem; kind: ConversionKind; name: string },
): Promise<MadeFile[]> {
  const called = name.trim();
  if (called === "" || called.length > conversionNameLimit || hasUnfitCharacters(called)) throw new AppError("INVALID");
  return inLongTransaction(db, async (tx) => {
    const made: MadeFile[] = [];
    for (const { isClick } of filesOf(system, kind)) {
      const file = await makeFile(tx, { actor, system, kind, name: called, isClick });
      if (file) made.push(file);
    }
    return made;
  });
}

/** Null if there is nothing for it. `isClick`: only these; left out: all. */
async function makeFile(
  tx: Tx,
  {
    actor,
    system,
    kind,
    name,
    isClick,
  }: { actor: Actor; system: AdSystem; kind: ConversionKind; name: string; isClick: boolean | undefined },
): Promise<MadeFile | null> {
  const { id } = await tx.conversionExport.create({
    data: { actorId: actor.id, system, kind, name, count: 0 },
    select: { id: true },
  });
  const chosen = isClick === undefined ? Prisma.empty : Prisma.sql`and judged."isClick" = ${isClick}`;
  const count =
    kind === "add"
      ? await tx.$executeRaw`
            insert into "Conversion" ("userId", system, "clickId", "isClick", "paidAt", cents, "exportId")
            select u.id, ${system}, traced.id, judged."isClick", u."paidAt",
              deal_cents(u."crmSale", u."crmProduct"), ${id}
            from "User" u join ${tracedIn(system)}
            where u."isPaid" and u."paidAt" is not null and u.role = 'USER' and u.email not like '%@example.invalid'
              and not ${hasWithdrawnSql("u")} and not exists (select 1 from "Conversion" c
                              where c."userId" = u.id and c.system = ${system} and c."retractId" is null)
              ${chosen}
            order by u.id
            on conflict ("userId", system) where "retractId" is null do nothing`
      : await tx.$executeRaw`
            update "Conversion" c set "retractId" = ${id} from "User" u
            where u.id = c."userId" and c.system = ${system} and c."retractId" is null and not u."isPaid"`;
  if (count === 0) {
    await tx.conversionExport.delete({ where: { id }, select: { id: true } });
    return null;
  }
  await tx.conversionExport.update({ where: { id }, data: { count }, select: { id: true } });
  await audit(tx, { actor, action: "conversions.make", details: { id, system, kind, count } });
  return { id, count };
}

/** The files that were made, newest first. */
export async function listConversionExports({ db }: Deps, limit = 50): Promise<ConversionExportView[]> {
  // Prisma would fetch all conversions of every file to show one of each.
  const rows = await db.$queryRaw<MadeExport[]>`
    select e.id, e.at, e.system, e.kind, e.name, e.count,
      (select c."isClick" from "Conversion" c where c."exportId" = e.id limit 1) as "isClick"
    from "ConversionExport" e order by e.id desc limit ${limit}`;
  return rows.map(({ at, system, isClick, ...row }) => ({
    ...row,
    by: isClick === null || clientKeys[system] === null ? null : isClick ? ("yclid" as const) : ("ClientId" as const),
    at: at.toISOString(),
    system,
  }));
}
