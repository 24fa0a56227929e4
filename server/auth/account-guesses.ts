import type { GuessCounter } from "../attempts/guesses";

/** How many times a single device's free guesses all devices that have signed in to an account have together. */
const deviceShares = 5;

/**
 * The counters of guesses at an account: unknown browsers together, and each device that has signed in before by itself,
 * so that strangers' guesses do not block it. All those devices together have another one: a person who has the password can
 * make any number of them.
 */
const countersOf = (
  { unknown, device, devices }: { unknown: string; device: string; devices: string },
  deviceId: string | null,
): GuessCounter[] =>
  deviceId === null ? [{ key: unknown }] : [{ key: device }, { key: devices, shares: deviceShares }];

/** Unregistered addresses are counted as well, so that a delay does not tell which addresses are registered. */
const accountKey = (email: string): string => `account:${email}`;

/** The counters of wrong passwords; `userId` is undefined if no account has the address. */
export const passwordGuesses = (
  { userId, email }: { userId: number | undefined; email: string },
  deviceId: string | null,
): GuessCounter[] =>
  countersOf(
    { unknown: accountKey(email), device: `device:${deviceId}:${userId}`, devices: `devices:${userId}` },
    deviceId,
  );

/** The counters of wrong codes at the sign-in. */
export const codeGuesses = (userId: number, deviceId: string | null): GuessCounter[] =>
  countersOf(
    { unknown: `code:${userId}`, device: `code-device:${deviceId}:${userId}`, devices: `code-devices:${userId}` },
    deviceId,
  );
