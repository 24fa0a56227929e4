/** Who acts. Written with every payment change and audit entry; the role was read from the database for this request. */
export type Actor =
  | { kind: "USER"; id: number; role: "USER" | "ADMIN" }
  /** An administrator's API token: id is the token's, userId its owner's. */
  | { kind: "TOKEN"; id: number; userId: number; role: "ADMIN" }
  | { kind: "BITRIX24"; id: null; role: "SYSTEM" }
  | { kind: "SYSTEM"; id: null; role: "SYSTEM" };

export const systemActor: Actor = { kind: "SYSTEM", id: null, role: "SYSTEM" };
