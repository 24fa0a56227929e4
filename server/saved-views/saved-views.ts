import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { AuditAction } from "../audit/audit-actions";
import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { maxViews } from "./view-limits";
import { type NameProblem, readName } from "./view-name";

/** The administration's lists whose filters can be saved. */
export type ViewList = "users" | "audit";

/** A filter with a name, as one administrator sees it. */
export interface SavedView {
  id: number;
  name: string;
  /** The list's query string, with its question mark, as it was understood when it was saved. */
  query: string;
  isShared: boolean;
  isOwn: boolean;
  /** The list opens with it for this administrator. */
  isDefault: boolean;
}

/** `none`: the filter that would be saved shows the whole list. */
export type ViewProblem = NameProblem | "taken" | "many" | "none";

type Admin = Actor & { kind: "USER" };
type Deps = Pick<Services, "db">;

/** The views of a list that an administrator may open: their own and the shared ones, in the order in which they were made. */
export function listViews({ db }: Deps, { list, userId }: { list: ViewList; userId: number }): Promise<SavedView[]> {
  return db.$queryRaw<SavedView[]>`
    select v.id, v.name, v.query, v."isShared", v."userId" = ${userId} as "isOwn", d."viewId" is not null as "isDefault"
    from "SavedView" v left join "DefaultView" d on d."viewId" = v.id and d."userId" = ${userId}
    where v.list = ${list} and (v."isShared" or v."userId" = ${userId})
    order by v.id`;
}

interface NewView {
  list: ViewList;
  name: string;
  query: string;
  isShared: boolean;
}

/**
 * Gives a filter a name. A form that is sent twice makes one view. Returns the problem where the name cannot be given.
 */
export function saveView(
  { db }: Deps,
  { actor, list, name: typed, query, isShared }: NewView & { actor: Admin },
): Promise<{ id: number } | { problem: ViewProblem }> {
  return db.$transaction(async (tx) => {
    const read = readName(typed);
    if ("problem" in read) return read;
    if (query === "") return { problem: "none" };
    await lockViews(tx, actor);
    const { name } = read;
    const same = await findNamed(tx, { actor, list, name, isShared });
    if (same) return same.query === query ? { id: same.id } : { problem: "taken" };
    if (await isFull(tx, { actor, list, isShared })) return { problem: "many" };
    const { id } = await tx.savedView.create({
      data: { userId: actor.id, list, name, query, isShared },
      select: { id: true },
    });
    if (isShared) await auditView(tx, actor, "view.share", { id, list });
    return { id };
  });
}

type Look = Pick<SavedView, "name" | "isShared">;

/**
 * Renames a view, or shares it. Shared ones belong to all administrators; only who made a view can make it private
 * again. What is asked for as it was shown stays as a colleague has set it meanwhile. Throws NOT_FOUND.
 */
export function changeView(
  { db }: Deps,
  { actor, id, shown, ...asked }: Look & { actor: Admin; id: number; shown?: Look | undefined },
): Promise<{ id: number } | { problem: ViewProblem }> {
  return db.$transaction(async (tx) => {
    const read = readName(asked.name);
    if ("problem" in read) return read;
    await lockViews(tx, actor);
    const view = await findView(tx, actor, id);
    const { list } = view;
    const name = read.name === shown?.name ? view.name : read.name;
    const wanted = asked.isShared === shown?.isShared ? view.isShared : asked.isShared;
    const isShared = view.userId === actor.id ? wanted : true;
    const same = await findNamed(tx, { actor, list, name, isShared });
    if (same && same.id !== id) return { problem: "taken" };
    if (isShared !== view.isShared && (await isFull(tx, { actor, list, isShared }))) return { problem: "many" };
    await tx.savedView.update({ where: { id }, data: { name, isShared } });
    if (!isShared) await tx.defaultView.deleteMany({ where: { viewId: id, userId: { not: actor.id } } });
    if (isShared && !view.isShared) await auditView(tx, actor, "view.share", view);
    else if (!isShared && view.isShared) await auditView(tx, actor, "view.unshare", view);
    else if (isShared && name !== view.name) await auditView(tx, actor, "view.rename", view);
    return { id };
  });
}

/** Throws NOT_FOUND. */
export function removeView({ db }: Deps, { actor, id }: { actor: Admin; id: number }): Promise<void> {
  return db.$transaction(async (tx) => {
    await lockViews(tx, actor);
    const view = await findView(tx, actor, id);
    await tx.savedView.delete({ where: { id }, select: { id: true } });
    if (view.isShared) await auditView(tx, actor, "view.remove", view);
  });
}

/** Says with which view a list opens for the administrator, or no longer with this one. Throws NOT_FOUND. */
export function setDefaultView(
  { db }: Deps,
  { actor, id, isDefault }: { actor: Admin; id: number; isDefault: boolean },
): Promise<void> {
  return db.$transaction(async (tx) => {
    await lockViews(tx, actor);
    const { list } = await findView(tx, actor, id);
    const userId = actor.id;
    if (!isDefault) await tx.defaultView.deleteMany({ where: { userId, viewId: id } });
    else
      await tx.defaultView.upsert({
        where: { userId_list: { userId, list } },
        create: { userId, list, viewId: id },
        update: { viewId: id },
      });
  });
}

/**
 * Serialises all changes of views: names are unique and numbers limited. The administrator's row first, as an erasing
 * locks it, so that neither waits for what the other holds.
 */
async function lockViews(tx: Tx, actor: Admin): Promise<void> {
  await tx.$queryRaw`select 1 from "User" where id = ${actor.id} for key share`;
  await tx.$executeRaw`lock table "SavedView" in share row exclusive mode`;
}

/** A view that the administrator may open. */
async function findView(tx: Tx, actor: Admin, id: number) {
  const where = { id, OR: [{ isShared: true }, { userId: actor.id }] };
  const view = await tx.savedView.findFirst({ where });
  if (!view) throw new AppError("NOT_FOUND");
  return { ...view, list: view.list as ViewList };
}

type Place = { actor: Admin; list: ViewList; isShared: boolean };

/** Shared names are unique for all, private ones for their administrator. */
const whereOf = ({ actor, list, isShared }: Place) => ({ list, isShared, ...(isShared ? {} : { userId: actor.id }) });

async function findNamed(tx: Tx, { name, ...place }: Place & { name: string }) {
  const views = await tx.savedView.findMany({ where: whereOf(place) });
  return views.find((view) => view.name.toLowerCase() === name.toLowerCase());
}

const isFull = async (tx: Tx, place: Place): Promise<boolean> =>
  (await tx.savedView.count({ where: whereOf(place) })) >= maxViews;

const auditView = (tx: Tx, actor: Admin, action: AuditAction, { id, list }: { id: number; list: ViewList }) =>
  audit(tx, { actor, action, details: { viewId: id, list } });
