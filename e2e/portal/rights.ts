import type { PortalUser } from "./administration";
import type { EntityName } from "./crm/fields";
import type { CrmRecord } from "./crm/records";
import type { World } from "./world";

/** Whose records: nobody's, one's own, those of one's department too, those marked as open to everyone too, or all. */
export const reaches = ["all", "open", "department", "own", "none"] as const;
export type Reach = (typeof reaches)[number];

export const actions = ["read", "add", "update", "delete"] as const;
export type Action = (typeof actions)[number];

/** What a user who is no administrator may do. What is left out is allowed. */
export interface Rights extends Partial<Record<EntityName, Partial<Record<Action, Reach>>>> {
  /** Funnels that the user does not see; neither do they their deals. */
  hiddenFunnels?: number[];
  /** Methods that refuse the user, `*` at the end for many: `crm.currency.list`, `crm.item.productrow.*`. */
  denied?: string[];
}

/** Records are looked at one by one, so that a list can leave out what must not be seen. */
export type Visible = (record: CrmRecord) => boolean;

/** Which records of a kind the user may do this to. Undefined: no matter which. */
function reachOf(world: World, userId: number, action: Action, entity: EntityName): Visible | undefined {
  const { users } = world.settings;
  const user = users.find(({ id }) => id === userId);
  if (!user?.rights || user.admin) return undefined;
  const { hiddenFunnels = [] } = user.rights;
  const within = withinReach(users, user, user.rights[entity]?.[action] ?? "all");
  if (entity !== "deal" || hiddenFunnels.length === 0) return within;
  return (record) => !hiddenFunnels.includes(Number(record.categoryId)) && (within?.(record) ?? true);
}

function withinReach(users: PortalUser[], user: PortalUser, reach: Reach): Visible | undefined {
  if (reach === "all") return undefined;
  if (reach === "none") return () => false;
  const mine = departmentOf(user);
  const colleagues = users.filter((one) => departmentOf(one) === mine).map(({ id }) => id);
  const owners = new Set(reach === "own" ? [user.id] : [user.id, ...colleagues]);
  return ({ assignedById, opened }) => owners.has(Number(assignedById)) || (reach === "open" && opened === "Y");
}

const departmentOf = ({ department }: PortalUser): number => department ?? 1;

export function visibleTo(world: World, userId: number, entity: EntityName): Visible | undefined {
  return reachOf(world, userId, "read", entity);
}

export function mayDo(world: World, userId: number, action: Action, entity: EntityName, record: CrmRecord): boolean {
  return reachOf(world, userId, action, entity)?.(record) ?? true;
}

/** Whether there could be any record of the kind to which the user may do this. */
export function mayEver(world: World, userId: number, action: Action, entity: EntityName): boolean {
  const user = world.settings.users.find(({ id }) => id === userId);
  return user?.admin === true || (user?.rights?.[entity]?.[action] ?? "all") !== "none";
}

export function isDenied(world: World, userId: number, method: string): boolean {
  const user = world.settings.users.find(({ id }) => id === userId);
  if (!user?.rights?.denied || user.admin) return false;
  return user.rights.denied.some((pattern) => matchesMethod(pattern, method));
}

/** Method names are compared without regard to case; a `*` at the end stands for whatever follows. */
export function matchesMethod(pattern: string, method: string): boolean {
  const name = pattern.toLowerCase();
  return name.endsWith("*") ? method.startsWith(name.slice(0, -1)) : name === method;
}

export function sees(world: World, userId: number, funnelId: number): boolean {
  const user = world.settings.users.find(({ id }) => id === userId);
  return user?.admin === true || !user?.rights?.hiddenFunnels?.includes(funnelId);
}
