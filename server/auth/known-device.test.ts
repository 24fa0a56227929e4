import { expect, test } from "vitest";
import { hasSignedInBefore, knownDevice, rememberDevice } from "./known-device";

const env = { APP_URL: "https://site.example", SESSION_SECRET: ["the secret of this installation"] };
/** What the browser would send back. */
const sent = (setCookie: string) => setCookie.split(";")[0] ?? "";

test("that a browser has signed in is known of every account that used it, and cannot be made up", () => {
  const cookies: string[] = [];
  for (let userId = 1; userId <= 7; userId++) cookies.push(sent(rememberDevice(env, cookies.at(-1) ?? null, userId)));
  for (const cookie of cookies) expect(hasSignedInBefore(env, cookie)).toBe(true);
  const last = cookies.at(-1) ?? "";
  const known = [1, 2, 3, 4, 5, 6, 7].filter((userId) => knownDevice(env, last, userId) !== null);
  expect(known).toEqual([3, 4, 5, 6, 7]);

  const rotated = { ...env, SESSION_SECRET: ["a newer secret of this installation", ...env.SESSION_SECRET] };
  expect(hasSignedInBefore(rotated, sent(rememberDevice(rotated, last, 7)))).toBe(true);
  expect(hasSignedInBefore({ ...env, SESSION_SECRET: ["not the secret of this installation"] }, last)).toBe(false);
  const elsewhere = last.replace(/=[\w-]{22}/, `=${"A".repeat(22)}`);
  for (const cookie of [null, "", elsewhere, last.replace(/\.[^;]*/, `.${"A".repeat(43)}`)])
    expect(hasSignedInBefore(env, cookie)).toBe(false);
});
