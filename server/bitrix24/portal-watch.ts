import type { Command, Outcome } from "./transport/batch";
import { Bitrix24Error } from "./transport/error";

/** What can be asked which portal it speaks to. */
export interface PortalAsked {
  /** Its address, as it is known now. */
  readonly host: string;
  /** Whether the portal itself has sent us there. */
  readonly redirected: boolean;
  batch(commands: Command[]): Promise<Outcome<unknown>[]>;
}

/** Knows whether the portal that answers is the one that it was; see server/identity/portal-guard.ts. */
export interface PortalWatch {
  /**
   * Throws Bitrix24Error PORTAL_CHANGED while an administrator has to say which portal this is: nothing follows from its
   * answers. With `writes` also PORTAL_UNCOMPARED, until a portal that was put back from a backup has been compared.
   * `anew`: the portal is asked even if that was done lately; `lately`: a portal that did not answer a moment ago is not asked
   * again.
   */
  assertKnown(client: PortalAsked, options?: { writes?: boolean; anew?: boolean; lately?: boolean }): Promise<void>;
  /** Asks the portal, and says whether it is the known one, or the first. A change is not noted: nothing follows from it. */
  isKnown(client: PortalAsked): Promise<boolean>;
}

/** Without a database nothing is known that could be compared; then nothing is written either. */
export const unwatched: PortalWatch = { assertKnown: async () => {}, isKnown: async () => true };

const because = (code: string, kind: "blocked" | "held") =>
  new Bitrix24Error({ code, kind, applied: "no", method: "profile" });

export const portalChanged = (): Bitrix24Error => because("PORTAL_CHANGED", "blocked");
export const isPortalChanged = ({ code }: Bitrix24Error): boolean => code === portalChanged().code;
export const portalUncompared = (): Bitrix24Error => because("PORTAL_UNCOMPARED", "held");
