import type { PortalUser } from "../administration";
import type { Portal } from "../portal";
import type { Action, Reach } from "../rights";
import { readSettings } from "../settings-input";
import { handlings, switchSides } from "../switches";

type Save = (portal: Portal, form: URLSearchParams) => void;

/** What the forms of the settings page send, by the end of their address. */
export const settingsForms: Record<string, Save> = {
  unknown: (portal, form) => configure(portal, { unknown: chosen(handlings, form) }),
  switches: (portal, form) => configure(portal, { switches: chosen(switchSides, form) }),
  fields: (portal, form) =>
    configure(portal, {
      required: {
        contact: words(form, "contact"),
        deal: words(form, "deal"),
        lead: words(form, "lead"),
        company: words(form, "company"),
      },
      missingMethods: words(form, "missingMethods"),
    }),
  rights: saveRights,
  times: (portal, form) =>
    configure(portal, {
      duplicateLagMs: amount(form, "duplicateLagMs"),
      limits: { bucket: amount(form, "bucket"), perSecond: amount(form, "perSecond") },
    }),
  clock: (portal, form) => portal.advance(amount(form, "minutes") * 60_000),
  reset: (portal) => portal.reset(),
  json: (portal, form) => configure(portal, JSON.parse(form.get("json") ?? "")),
};

/** Checked as what another process sends. */
function configure(portal: Portal, settings: unknown): void {
  portal.configure(readSettings(settings, portal.settings));
}

/** Forms know only text; the sides of a switch may be numbers or truth values. */
function chosen(sides: Record<string, readonly unknown[]>, form: URLSearchParams): object {
  const names = Object.keys(sides).filter((name) => form.has(name));
  return Object.fromEntries(
    names.map((name) => [name, sides[name]?.find((side) => String(side) === form.get(name)) ?? form.get(name)]),
  );
}

function words(form: URLSearchParams, name: string): string[] {
  return (form.get(name) ?? "").split(/[\s,]+/).filter((word) => word !== "");
}

function amount(form: URLSearchParams, name: string): number {
  const number = Number(form.get(name));
  if (!Number.isFinite(number) || number < 0) throw new TypeError(`${name} has to be a number of 0 or more`);
  return number;
}

/** A user with limits is not an administrator. The form knows nothing of hidden funnels, which stay hidden. */
function saveRights(portal: Portal, form: URLSearchParams): void {
  const { users, webhooks } = portal.settings;
  const of = (entity: string) => {
    const own = [...form].filter(([name]) => name.startsWith(`${entity}.`));
    return Object.fromEntries(own.map(([name, reach]) => [name.slice(entity.length + 1), reach])) as Record<
      Action,
      Reach
    >;
  };
  const records = { contact: of("contact"), deal: of("deal"), lead: of("lead"), company: of("company") };
  const owner = webhooks[0]?.userId;
  const limited = (user: PortalUser): PortalUser => ({
    ...user,
    admin: false,
    rights: { ...user.rights, ...records, denied: words(form, "denied") },
  });
  configure(portal, { users: users.map((user) => (user.id === owner ? limited(user) : user)) });
}
