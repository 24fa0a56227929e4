import { expect, test } from "vitest";
import { addressOf } from "./server-process";

test.each([
  ["127.0.0.1", "http://127.0.0.1:3000"],
  ["0.0.0.0", "http://127.0.0.1:3000"],
  ["::", "http://127.0.0.1:3000"],
  ["192.168.1.5", "http://192.168.1.5:3000"],
  ["::1", "http://[::1]:3000"],
])("what listens on %s is asked at %s", (host, address) => {
  expect(addressOf(host, 3000)).toBe(address);
});
