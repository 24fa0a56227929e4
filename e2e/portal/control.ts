import { type ActRequest, act } from "./acts";
import { readFault } from "./fault-input";
import type { Portal } from "./portal";
import { isPresetName, presetNames } from "./presets";
import { readSettings } from "./settings-input";

const defaultCalls = 200;

/** The portal's remote control, for tests and the demo in other processes. JSON in, JSON out. */
export async function control(portal: Portal, request: Request): Promise<Response> {
  const url = new URL(request.url);
  if (isForeign(request)) return Response.json({ error: "Requests from other sites are refused" }, { status: 403 });
  try {
    switch (`${request.method} ${url.pathname}`) {
      case "GET /control/state":
        return Response.json(state(portal, Number(url.searchParams.get("calls") ?? defaultCalls)));
      case "POST /control/fault":
        portal.fail(readFault(await request.json()));
        return Response.json({ faults: portal.faults });
      case "DELETE /control/fault":
        portal.clearFaults();
        return Response.json({ faults: [] });
      case "POST /control/reset":
        portal.reset();
        return Response.json(state(portal, 0));
      case "POST /control/settings":
        portal.configure(readSettings(await request.json(), portal.settings));
        return Response.json({ settings: portal.settings });
      case "POST /control/preset": {
        const { preset } = (await request.json()) as { preset: unknown };
        if (!isPresetName(preset)) throw new RangeError(`Presets: ${presetNames.join(", ")}`);
        portal.applyPreset(preset);
        return Response.json({ preset, settings: portal.settings, faults: portal.faults });
      }
      case "POST /control/act":
        return Response.json({ result: act(portal, (await request.json()) as ActRequest) ?? null });
      case "POST /control/clock": {
        const { advanceMs } = (await request.json()) as { advanceMs: unknown };
        if (typeof advanceMs !== "number") throw new TypeError("advanceMs has to be a number");
        portal.advance(advanceMs);
        return Response.json({ now: portal.now() });
      }
      default:
        return Response.json({ error: "Not found" }, { status: 404 });
    }
  } catch (error) {
    return Response.json({ error: error instanceof Error ? error.message : "Bad request" }, { status: 400 });
  }
}

/** A page of another site, open in the same browser, must not steer the portal. */
export function isForeign(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin === null) return false;
  // A proxy in front may have taken https away, so the scheme says nothing.
  return !URL.canParse(origin) || new URL(origin).host !== new URL(request.url).host;
}

/** Everything a test may want to look at, in one answer. */
function state(portal: Portal, calls: number) {
  const { requests, refused, idleWrites, settings, faults, events, version } = portal;
  return {
    contacts: [...portal.contacts.values()],
    deals: [...portal.deals.values()].map((deal) => ({ ...deal, rows: portal.rows.get(deal.id) ?? [] })),
    leads: [...portal.leads.values()],
    companies: [...portal.companies.values()],
    comments: [...portal.comments.values()],
    traces: [...portal.traces.values()],
    notifications: [...portal.notifications.values()],
    counts: {
      contacts: portal.contacts.size,
      deals: portal.deals.size,
      leads: portal.leads.size,
      companies: portal.companies.size,
      requests,
      refused,
      idleWrites,
      executed: Object.fromEntries(portal.executed),
    },
    calls: calls > 0 ? portal.calls.slice(-calls) : [],
    events,
    preset: portal.preset,
    faults,
    settings,
    version,
    now: portal.now(),
  };
}
