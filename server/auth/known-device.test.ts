import { afterEach, expect, test, vi } from "vitest";
import { hasSignedInBefore, knownDevice, rememberDevice } from "./known-device";

const env = { APP_URL: "https://site.example", SESSION_SECRET: ["the secret of this installation"] };
afterEach(() => {
  vi.useRealTimers();
});

const account = (id: number) => ({ id, passwordHash: `hash ${id}`, secondFactor: null });
/** What the browser would send back. */
const sent = (setCookie: string) => setCookie.split(";")[0] ?? "";

test("that a browser has signed in is known of every account that used it, and cannot be made up", () => {
  const cookies: string[] = [];
  for (let userId = 1; userId <= 7; userId++)
    cookies.push(sent(rememberDevice(env, cookies.at(-1) ?? null, account(userId))));
  for (const cookie of cookies) expect(hasSignedInBefore(env, cookie)).toBe(true);
  const last = cookies.at(-1) ?? "";
  const known = [1, 2, 3, 4, 5, 6, 7].filter((userId) => knownDevice(env, last, account(userId)) !== null);
  expect(known).toEqual([3, 4, 5, 6, 7]);

  const rotated = { ...env, SESSION_SECRET: ["a newer secret of this installation", ...env.SESSION_SECRET] };
  expect(hasSignedInBefore(rotated, sent(rememberDevice(rotated, last, account(7))))).toBe(true);
  expect(hasSignedInBefore({ ...env, SESSION_SECRET: ["not the secret of this installation"] }, last)).toBe(false);
  const elsewhere = last.replace(/=[\w-]{22}/, `=${"A".repeat(22)}`);
  for (const cookie of [null, "", elsewhere, last.replace(/\.[^;]*/, `.${"A".repeat(43)}`)])
    expect(hasSignedInBefore(env, cookie)).toBe(false);
});

test("a mark ends with the password, with the second factor and after 400 days, and the browser's own with time only", () => {
  const enabledAt = new Date(1_700_000_000_000);
  const owner = { ...account(1), secondFactor: { enabledAt } };
  const cookie = sent(rememberDevice(env, null, owner));
  expect(knownDevice(env, cookie, owner)).not.toBeNull();
  for (const changed of [
    { ...owner, passwordHash: "another" },
    { ...owner, passwordHash: null },
    { ...owner, secondFactor: null },
    { ...owner, secondFactor: { enabledAt: new Date(enabledAt.getTime() + 1) } },
  ])
    expect(knownDevice(env, cookie, changed)).toBeNull();
  expect(hasSignedInBefore(env, cookie)).toBe(true);

  vi.useFakeTimers({ now: Date.now() + 399 * 24 * 60 * 60_000, toFake: ["Date"] });
  expect(knownDevice(env, cookie, owner)).not.toBeNull();
  vi.setSystemTime(Date.now() + 24 * 60 * 60_000);
  expect(knownDevice(env, cookie, owner)).toBeNull();
  expect(hasSignedInBefore(env, cookie)).toBe(false);
});
