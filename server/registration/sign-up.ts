import { isDeepStrictEqual } from "node:util";
import { newSession, signOut } from "../auth/auth";
import { rememberDevice } from "../auth/known-device";
import { provePassword, type SignInRequest, signIn } from "../auth/sign-in";
import { firstFormId } from "../forms/forms";
import { personColumns } from "../person/columns";
import { pickPerson } from "../person/fields";
import { type AppError, isAppError } from "../platform/errors";
import type { Services } from "../services";
import { beginHash, type NewRegistration, registerUser } from "./registration";
import type { RegistrationInput } from "./registration.schema";

export interface SignUp extends NewRegistration {
  input: RegistrationInput;
  /** The sender of the request, as for a sign-in. */
  sender: Omit<SignInRequest, "email" | "password">;
}

/** What a form says of the person. */
type Sent = Pick<SignUp, "input" | "answers" | "formId">;

/**
 * `registered`: a new person. `repeated`: the same form was sent before. `known`: registered before with other details,
 * or by another form.
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
    const hash = registration.passwordHash ?? beginHash(registration.input.password);
    const { id } = await registerUser(services, { ...registration, session, passwordHash: hash });
    await signOut(services, cookieHeader);
    const device = { id, passwordHash: (await hash) ?? null, secondFactor: null };
    return { outcome: "registered", cookies: [setCookie, rememberDevice(env, cookieHeader, device)] };
  } catch (error) {
    if (!isAppError(error, "EMAIL_TAKEN")) throw error;
    return signInInstead(services, registration, sender, error);
  }
}

/**
 * Registers a person inside another site's page: opens no session, since browsers keep no cookie there and a page that
 * frames the form must not reach one. A form that is sent again is recognised by the account's own password, as in
 * signUp. Throws the same.
 */
export async function signUpWithoutSession(
  services: Pick<Services, "db" | "pool" | "queue" | "env" | "mail" | "log">,
  { sender, ...registration }: SignUp,
): Promise<{ outcome: "registered" | "repeated" | "known" }> {
  try {
    await registerUser(services, registration);
    return { outcome: "registered" };
  } catch (error) {
    if (!isAppError(error, "EMAIL_TAKEN")) throw error;
    const { email, password } = registration.input;
    const { id, secondFactor } = await unlessRefused(provePassword(services, { ...sender, email, password }), error);
    // A password alone does not tell what is stored of a person who has a second factor.
    if (secondFactor) return { outcome: "known" };
    return { outcome: (await isStored(services, { id }, registration)) ? "repeated" : "known" };
  }
}

async function signInInstead(
  services: Pick<Services, "db" | "env" | "log">,
  registration: Sent,
  sender: SignUp["sender"],
  taken: AppError,
): Promise<{ outcome: SignUpOutcome; cookies: string[] }> {
  const { email, password } = registration.input;
  const { state, cookies } = await unlessRefused(signIn(services, { ...sender, email, password }), taken);
  if (state === "code") return { outcome: "code", cookies };
  return { outcome: (await isStored(services, { email }, registration)) ? "repeated" : "known", cookies };
}

/** Also if the sign-in attempts are used up: the page answers as it answers strangers. */
async function unlessRefused<T>(signingIn: Promise<T>, taken: AppError): Promise<T> {
  try {
    return await signingIn;
  } catch (error) {
    if (isAppError(error, "UNAUTHORIZED") || isAppError(error, "TOO_MANY")) throw taken;
    throw error;
  }
}

/** Whether what was sent is what is stored of this person, to the last answer, and by the same form. */
async function isStored(
  { db }: Pick<Services, "db">,
  where: { id: number } | { email: string },
  { input, answers = {}, formId = null }: Sent,
): Promise<boolean> {
  const { formId: storedForm, ...stored } = await db.user.findUniqueOrThrow({
    where,
    select: { ...personColumns, answers: true, formId: true },
  });
  // Another form sells something else and leads elsewhere: its registration was not made.
  const isSameForm = (storedForm ?? firstFormId) === (formId ?? firstFormId);
  return isSameForm && isDeepStrictEqual(stored, { ...pickPerson(input), answers });
}
