import { expect, test } from "vitest";
import { afterAddress } from "./after";
import { readDefinition } from "./read-definition";

const after = (address: string) => ({ after: { kind: "address", address } });

test("a form leads to an address of the owner's by TLS", () => {
  expect(afterAddress(readDefinition(after("https://Example.com/thanks?a=1")).after)).toBe(
    "https://example.com/thanks?a=1",
  );
});

for (const address of [
  "javascript:alert(1)",
  "http://example.com/",
  "//example.com",
  "/account",
  "https://user:secret@example.com/",
  "https://example.com/\nRefresh: 0",
  "https://example.com/; url=https://evil.example",
  "data:text/html,x",
  "",
])
  test(`it can be saved with no other address: ${JSON.stringify(address)}`, () => {
    expect(() => readDefinition(after(address))).toThrow();
    expect(afterAddress({ kind: "address", address })).toBeNull();
  });
