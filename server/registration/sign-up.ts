import { newSession, signOut } from "../auth/auth";
import { rememberDevice } from "../auth/known-device";
import { type SignInRequest, signIn } from "../auth/sign-in";
import { type PersonData, personColumns, personFieldNames, pickPerson } from "../person/fields";
import { type AppError, isAppError } from "../platform/errors";
import type { Services } from "../services";
import { type NewRegistration, registerUser } from "./registration";
import type { RegistrationInput } from "./registration.schema";

export interface SignUp extends NewRegistration {
  input: RegistrationInput;
  /** The sender of the request, as for a sign-in. */
  sender: Omit<SignInRequest, "email" | "password">;
}

/**
 * `registered`: a new person. `repeated`: the same form was sent before. `known`: registered before with other details.
 * `code`: registered before, and the second factor is required before anything is opened.
 */
export type SignUpOutcome = "registered" | "repeated" | "known" | "code";

/**
 * Registers a person and signs them in; returns the cookies. A form may be sent again because its answer was lost or
 * its button was pressed twice: therefore an e-mail that is taken signs in if the account's own password is given. The
 * attempt is counted like any sign-in, so a stranger learns nothing here that the sign-in page would not tell. Throws
 * EMAIL_TAKEN, BUSY, and CONFLICT if the form has registered another person.
 */
export async function signUp(
  services: Pick<Services, "db" | "pool" | "queue" | "env" | "mail" | "log">,
  { sender, ...registration }: SignUp,
): Promise<{ outcome: SignUpOutcome; cookies: string[] }> {
  const { env } = services;
  const { cookieHeader, userAgent } = sender;
  try {
    const { session, setCookie } = newSession(env, userAgent);
    const { id } = await registerUser(services, { ...registration, session });
    await signOut(services, cookieHeader);
    return { outcome: "registered", cookies: [setCookie, rememberDevice(env, cookieHeader, id)] };
  } catch (error) {
    if (!isAppError(error, "EMAIL_TAKEN")) throw error;
    return signInInstead(services, registration.input, sender, error);
  }
}

async function signInInstead(
  services: Pick<Services, "db" | "env">,
  input: RegistrationInput,
  sender: SignUp["sender"],
  taken: AppError,
): Promise<{ outcome: SignUpOutcome; cookies: string[] }> {
  const { email, password } = input;
  try {
    const { state, cookies } = await signIn(services, { ...sender, email, password });
    if (state === "code") return { outcome: "code", cookies };
    const stored = await services.db.user.findUniqueOrThrow({ where: { email }, select: personColumns });
    return { outcome: isSame(stored, pickPerson(input)) ? "repeated" : "known", cookies };
  } catch (error) {
    // Also if the sign-in attempts are used up: the page answers as it answers strangers.
    if (isAppError(error, "UNAUTHORIZED") || isAppError(error, "TOO_MANY")) throw taken;
    throw error;
  }
}

const isSame = (a: PersonData, b: PersonData): boolean => personFieldNames.every((name) => a[name] === b[name]);
