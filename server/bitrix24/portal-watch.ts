import type { Command, Outcome } from "./transport/batch";
import { Bitrix24Error } from "./transport/error";

/** A client that can be asked which portal it talks to. */
export interface PortalAsked {
  /** The portal's present address. */
  readonly host: string;
  /** Whether the portal itself redirected us to this address. */
  readonly redirected: boolean;
  batch(commands: Command[]): Promise<Outcome<unknown>[]>;
}

/** Knows whether the answering portal is still the same; see server/identity/portal-guard.ts. */
export interface PortalWatch {
  /**
   * Throws Bitrix24Error PORTAL_CHANGED until an administrator has answered which portal this is: its answers must not
   * be used. With `writes` also PORTAL_UNCOMPARED, until a restored portal has been compared. `anew`: checks the portal
   * again, even if it was checked recently; `lately`: reuses the error of a check that failed a moment ago.
   */
  assertKnown(client: PortalAsked, options?: { writes?: boolean; anew?: boolean; lately?: boolean }): Promise<void>;
  /** Checks whether the portal is the known one, or the first one. A change is not stored and has no consequences. */
  isKnown(client: PortalAsked): Promise<boolean>;
}

/** Without a database there is nothing to compare with, and nothing is written either. */
export const unwatched: PortalWatch = { assertKnown: async () => {}, isKnown: async () => true };

const because = (code: string, kind: "blocked" | "held") =>
  new Bitrix24Error({ code, kind, applied: "no", method: "profile" });

export const portalChanged = (): Bitrix24Error => because("PORTAL_CHANGED", "blocked");
export const isPortalChanged = ({ code }: Bitrix24Error): boolean => code === portalChanged().code;
export const portalUncompared = (): Bitrix24Error => because("PORTAL_UNCOMPARED", "held");
