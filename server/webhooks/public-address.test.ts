import { expect, test } from "vitest";
import { isPublicAddress, urlProblem } from "./public-address";

test.each([
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.51.100.7",
  "203.0.113.7",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:8.8.8.8",
  "::7f00:1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "3fff::1",
  "fc00::1",
  "fd12:3456::1",
  "fe80::1",
  "fe80::1%eth0",
  "fec0::1",
  "ff02::1",
  "not an address",
  "",
])("%s is no public address", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  "8.8.8.8",
  "172.32.0.1",
  "100.128.0.1",
  "192.169.0.1",
  "223.255.255.255",
  "2a00:1450::1",
  "2606:4700::6810:1",
])("%s is a public address", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

const allowed = { internalHosts: ["hooks.internal", "10.0.0.5", "::1"] };

test.each([
  ["https://example.com/hook", null],
  ["https://example.com:8443/hook?key=1", null],
  ["https://8.8.8.8/", null],
  ["http://hooks.internal:3000/", null],
  ["http://HOOKS.internal/", null],
  ["http://10.0.0.5/", null],
  ["http://[::1]:8080/", null],
  ["http://example.com/", "https"],
  ["https://127.0.0.1/", "internal"],
  ["https://2130706433/", "internal"],
  ["https://0x7f.1/", "internal"],
  ["https://0177.0.0.1/", "internal"],
  ["https://[::]/", "internal"],
  ["https://[::ffff:127.0.0.1]/", "internal"],
  ["https://[fd00::1]/", "internal"],
  ["https://10.0.0.6/", "internal"],
  ["https://user:secret@example.com/", "credentials"],
  ["http://user@hooks.internal/", "credentials"],
  ["ftp://example.com/", "invalid"],
  ["file:///etc/passwd", "invalid"],
  ["javascript:alert(1)", "invalid"],
  ["example.com", "invalid"],
  ["", "invalid"],
])("the address %s is judged %s", (url, problem) => {
  expect(urlProblem(url, allowed)).toBe(problem);
});
