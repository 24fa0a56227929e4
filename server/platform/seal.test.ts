import { expect, test } from "vitest";
import { parseEnv } from "./env";
import { seal, unseal } from "./seal";

const older = "o".repeat(32);
const newer = "n".repeat(32);
const envOf = (...secrets: string[]) => parseEnv({ SESSION_SECRET: secrets.join(",") });

test("what was sealed is read again, and cannot be read without opening it", () => {
  const sealed = seal(envOf(newer), "secret:7", "JBSWY3DPEHPK3PXP");
  expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("JBSWY3DPEHPK3PXP");
  expect(unseal(envOf(newer), "secret:7", sealed)).toEqual({ text: "JBSWY3DPEHPK3PXP", isCurrent: true });
});

test("the same text looks different each time", () => {
  expect(seal(envOf(newer), "secret:7", "text")).not.toBe(seal(envOf(newer), "secret:7", "text"));
});

test("a secret of the list that is no longer the first still opens", () => {
  const sealed = seal(envOf(older), "secret:7", "text");
  expect(unseal(envOf(newer, older), "secret:7", sealed)).toEqual({ text: "text", isCurrent: false });
});

test("what is for another purpose, of another secret, changed, cut or nothing at all is not opened", () => {
  const sealed = seal(envOf(newer), "secret:7", "text");
  expect(unseal(envOf(newer), "secret:8", sealed)).toBeNull();
  expect(unseal(envOf(older), "secret:7", sealed)).toBeNull();
  for (let at = 0; at < sealed.length - 1; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
    expect(unseal(envOf(newer), "secret:7", changed), String(at)).toBeNull();
  }
  for (const cut of ["", "A", sealed.slice(0, 10), sealed.slice(0, 38), "не то"])
    expect(unseal(envOf(newer), "secret:7", cut)).toBeNull();
});
