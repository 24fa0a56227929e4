import { expect, test } from "vitest";
import { parseEnv } from "./env";
import { parseSender } from "./sender";

test.each([
  ["desk@example.com", "", "desk@example.com"],
  [" Desk@Example.com ", "", "Desk@Example.com"],
  ["<desk@example.com>", "", "desk@example.com"],
  ["Front Desk <desk@example.com>", "Front Desk", "desk@example.com"],
  ["Школа <desk@example.com>", "Школа", "desk@example.com"],
  ['"Desk, Ltd" <desk@example.com>', "Desk, Ltd", "desk@example.com"],
  ["Desk, Ltd <desk@example.com>", "Desk, Ltd", "desk@example.com"],
  ['"The \\"Desk\\" <1>" <desk@example.com>', 'The "Desk" <1>', "desk@example.com"],
  ['"shop@home" <desk@example.com>', "shop@home", "desk@example.com"],
  ["desk@example.com (Front Desk)", "Front Desk", "desk@example.com"],
  ["root@localhost", "", "root@localhost"],
  ["Front Desk <Desk@mail>", "Front Desk", "Desk@mail"],
  ["Школа <desk@почта.рф>", "Школа", "desk@xn--80a1acny.xn--p1ai"],
])("a sender is read as mail programs write it: %s", (text, name, address) => {
  expect(parseSender(text)).toEqual({ name, address });
});

test.each([
  "Front Desk",
  "Front Desk desk@example.com",
  "Front Desk <desk>",
  "Front Desk <desk@>",
  "Front Desk <desk@example.com",
  "desk@example.com, shop@example.com",
])("a sender without an address, or with several, ends the start with what is expected: %s", (MAIL_FROM) => {
  expect(() => parseEnv({ SMTP_URL: "smtp://mail.example", MAIL_FROM })).toThrow(
    "MAIL_FROM: expected desk@example.com or Name <desk@example.com>",
  );
});
