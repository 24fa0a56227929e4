import type { Actor } from "~server/audit/actor";
import { isAppError } from "~server/platform/errors";
import { parseSeenId } from "~server/platform/ids";
import type { PictureFault } from "~server/platform/picture";
import type { Services } from "~server/services";
import { removeLogo, setLogo } from "~server/settings/logo";
import { isLocked } from "~server/settings/settings";
import { logoFile, seenField } from "./form-fields";

export type LogoFault = PictureFault | { code: "several" | "locked" | "conflict" };

/** What the page says about the posted form. */
export interface LogoAnswer {
  outcome: "saved" | "removed" | "refused";
  fault: LogoFault | null;
  /** The saved change, which can be undone; null if nothing changed. */
  change: number | null;
  status: number;
}

const statuses: Partial<Record<LogoFault["code"], number>> = { bytes: 413, conflict: 409 };

const refused = (fault: LogoFault): LogoAnswer => ({
  outcome: "refused",
  fault,
  change: null,
  status: statuses[fault.code] ?? 400,
});

/** Takes the form's one picture as the logo, or removes the logo. */
export async function changeLogo(
  services: Services,
  { actor, form }: { actor: Actor; form: FormData },
): Promise<LogoAnswer> {
  if (isLocked(services, "logo")) return refused({ code: "locked" });
  const change = { actor, seen: parseSeenId(form.get(seenField)) ?? 0 };
  const done = (outcome: "saved" | "removed", id: number | null): LogoAnswer => ({
    outcome,
    fault: null,
    change: id,
    status: 200,
  });
  try {
    if (form.get("intent") === "remove") {
      const { id } = await removeLogo(services, change);
      return done("removed", id);
    }
    // Under whatever name they came: two files are never taken for one.
    const files = [...form.values()].filter((value) => typeof value !== "string");
    const file = form.get(logoFile);
    if (files.length > 1) return refused({ code: "several" });
    if (file === null || typeof file === "string") return refused({ code: "empty" });
    const set = await setLogo(services, { ...change, bytes: new Uint8Array(await file.arrayBuffer()) });
    return "fault" in set ? refused(set.fault) : done("saved", set.id);
  } catch (error) {
    if (isAppError(error, "CONFLICT")) return refused({ code: "conflict" });
    throw error;
  }
}
