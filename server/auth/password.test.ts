import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password";

test("a hash is argon2id with OWASP's parameters and knows its password only", async () => {
  const stored = await hashPassword("long password 1");
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(stored, "long password 1")).toBe(true);
  expect(await verifyPassword(stored, "long password 2")).toBe(false);
});

test("a letter composed in another way is the same password", async () => {
  const stored = await hashPassword("пароль й".normalize("NFC"));
  expect(await verifyPassword(stored, "пароль й".normalize("NFD"))).toBe(true);
});

test("no password is right where none is stored", async () => {
  expect(await verifyPassword(null, "nobody's password")).toBe(false);
});
