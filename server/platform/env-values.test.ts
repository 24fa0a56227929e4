import { expect, test } from "vitest";
import { parseEnv } from "./env";

test("blanks around a value are none of it: a file of variables keeps those at a line's end", () => {
  const given = { BITRIX24_EVENT_TOKEN: "0123456789abcdef", METRICS_TOKEN: "fedcba9876543210", HOST: "127.0.0.1" };
  const padded = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, ` ${value}\t`]));
  expect(parseEnv(padded)).toMatchObject(given);
});

const counted = ["RATE_LIMIT_LOGIN", "RATE_LIMIT_REGISTER", "BITRIX24_RETRY_MAX_MS", "BITRIX24_CATEGORY_ID"] as const;
for (const name of counted)
  test(`a ${name} that the database or a timer could not hold is refused`, () => {
    expect(parseEnv({ [name]: "2147483647" })[name]).toBe(2_147_483_647);
    for (const value of ["2147483648", "3e9"]) expect(() => parseEnv({ [name]: value })).toThrow(name);
  });
