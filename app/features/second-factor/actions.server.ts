import { type ActionFunctionArgs, data, redirect } from "@remix-run/node";
import { readForm } from "~/page/public-form.server";
import { requireSamePerson } from "~/page/same-person.server";
import type { Actor } from "~server/audit/actor";
import { enableSecondFactor } from "~server/auth/second-factor/enrolment";
import { disableSecondFactor, renewRecoveryCodes } from "~server/auth/second-factor/second-factor";
import { isAppError } from "~server/platform/errors";

export interface FactorAnswer {
  intent: "enable" | "disable" | "codes";
  /** Recovery codes, to be shown once. */
  codes: string[];
  /** The form that was refused, to be shown again. */
  sealed: string | null;
  /** Codes by field. */
  problems: Record<string, string[]>;
  /** Why the whole form was refused. */
  refused: "stale" | "twice" | null;
  wait: number | null;
}

type PageActor = Extract<Actor, { kind: "USER" }>;

/**
 * Switches the second factor on or off, or makes new recovery codes; `intent` says what, anything else is a 400.
 * `beforeEnabling` is asked first where it is switched on: the other two ask for the password themselves.
 */
export async function actOnSecondFactor(
  args: ActionFunctionArgs,
  actor: PageActor,
  beforeEnabling: (form: FormData) => Promise<void>,
) {
  const { request, context } = args;
  const { services } = context;
  const form = await readForm(request);
  await requireSamePerson(args, actor, form);
  const text = (name: string) => String(form.get(name) ?? "");
  const intent = form.get("intent") as FactorAnswer["intent"];
  const answer = (more: Partial<FactorAnswer> = {}, status = 200, headers: HeadersInit = {}) =>
    data<FactorAnswer>(
      { intent, codes: [], sealed: null, problems: {}, refused: null, wait: null, ...more },
      { status, headers },
    );
  const proof = { actor, password: text("password"), code: text("code") };
  const browser = { userAgent: request.headers.get("user-agent"), cookieHeader: request.headers.get("cookie") };
  try {
    switch (intent) {
      case "enable": {
        await beforeEnabling(form);
        const { codes, cookies } = await enableSecondFactor(services, {
          userId: actor.id,
          sealed: text("sealed"),
          code: text("code"),
          ...browser,
        });
        return answer({ codes }, 200, setting(cookies));
      }
      case "disable":
        // A new request, since this one came with a session that has just ended.
        throw redirect("/account/second-factor?off", {
          headers: setting(await disableSecondFactor(services, { ...proof, ...browser })),
        });
      case "codes":
        return answer({ codes: await renewRecoveryCodes(services, proof) });
      default:
        throw data(null, { status: 400 });
    }
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED")) {
      const problems =
        error.details?.field === "password" ? { password: ["password_wrong"] } : { code: ["code_wrong"] };
      return answer({ problems, sealed: intent === "enable" ? text("sealed") : null }, 400);
    }
    if (isAppError(error, "TOO_MANY")) {
      const wait = Number(error.details?.retryAfter);
      return answer({ wait }, 429, { "Retry-After": String(wait) });
    }
    if (isAppError(error, "INVALID")) return answer({ refused: "stale" }, 400);
    if (isAppError(error, "CONFLICT")) return answer({ refused: "twice" }, 409);
    if (isAppError(error, "FORBIDDEN")) throw data(null, { status: 403 });
    throw error;
  }
}

const setting = (cookies: string[]) => cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]);
