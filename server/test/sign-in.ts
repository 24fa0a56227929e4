import type { AttemptLimit } from "../attempts/attempt-limit";
import { startSession } from "../auth/auth";
import { sessionIdOf } from "../auth/session-cookie";
import { signIn } from "../auth/sign-in";
import type { Services } from "../services";

const unlimited: AttemptLimit = async () => null;

/** A browser that is not known yet. */
export const fromSomewhere = {
  address: "203.0.113.1",
  limit: unlimited,
  userAgent: "Test/1.0",
  cookieHeader: null as string | null,
};

/** Signs in as a browser does from an address of its own, and returns every Set-Cookie, the session's first. */
export const signInAs = async (
  services: Pick<Services, "db" | "env" | "log">,
  email: string,
  password: string,
  request: Partial<Parameters<typeof signIn>[1]> = {},
): Promise<string[]> => (await signIn(services, { email, password, ...fromSomewhere, ...request })).cookies;

/** What the browser sends back of Set-Cookie values. */
export const cookiesOf = (setCookies: string[]): string =>
  setCookies.map((setCookie) => setCookie.split(";")[0] ?? "").join("; ");

/** The cookie of a session that is opened for the person. */
export const sessionCookieOf = async (services: Pick<Services, "db" | "env">, userId: number): Promise<string> =>
  cookiesOf([await startSession(services, userId, null)]);

/** The id of a session that is opened for the person. */
export const newSessionOf = async (services: Pick<Services, "db" | "env">, userId: number): Promise<string | null> =>
  sessionIdOf(services.env, await sessionCookieOf(services, userId));
