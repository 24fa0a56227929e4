import { Secret } from "otpauth";
import { expect, test } from "vitest";
import { enrolmentUri, newSecret, readCode, stepOfCode } from "./totp";

/** Appendix B of RFC 6238, the last six digits. */
const secret = Secret.fromUTF8("12345678901234567890").base32;
const vectors: [seconds: number, code: string][] = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
];

for (const [seconds, code] of vectors) {
  const step = Math.floor(seconds / 30);
  test(`the code of RFC 6238 at ${seconds} s is taken then, and one step around it`, () => {
    for (const steps of [-1, 0, 1]) expect(stepOfCode(secret, code, (seconds + steps * 30) * 1_000)).toBe(step);
  });

  test(`the code of RFC 6238 at ${seconds} s is refused two steps away`, () => {
    for (const steps of [-2, 2]) expect(stepOfCode(secret, code, (seconds + steps * 30) * 1_000)).toBeNull();
  });
}

for (const typed of ["287082", " 287 082 ", "287-082", "２８７０８２", "٢٨٧٠٨٢", "२८७ ०८२"])
  test(`«${typed}» is read as the code it shows`, () => expect(readCode(typed)).toBe("287082"));

for (const typed of ["", "28708", "2870820", "28708a", "28.7082", "287082\0"])
  test(`${JSON.stringify(typed)} is no code`, () => expect(readCode(typed)).toBeNull());

test("every secret is a new one of 160 bits", () => {
  const secrets = Array.from({ length: 50 }, newSecret);
  expect(new Set(secrets).size).toBe(50);
  for (const each of secrets) expect(Secret.fromBase32(each).bytes).toHaveLength(20);
});

test("the picture says what an authenticator has to know", () => {
  const uri = new URL(enrolmentUri(secret, { issuer: "Front Desk", label: "boss@example.com" }));
  expect(uri.protocol + uri.host).toBe("otpauth:totp");
  expect(decodeURIComponent(uri.pathname)).toBe("/Front Desk:boss@example.com");
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: "Front Desk",
    secret,
    algorithm: "SHA1",
    digits: "6",
    period: "30",
  });
});
