import { expect, test } from "vitest";
import { readSetting } from "./read-setting";

test.each([
  ["149", 149],
  ["149,5", 149.5],
  ["149,50", 149.5],
  [" 1 500,50 ", 1500.5],
  ["1\u00a0500", 1500],
  ["0", 0],
  ["0.01", 0.01],
])("a price is read as people write it: %s", (text, value) => {
  expect(readSetting("price", text)).toEqual({ value });
});

test.each(["1,500", "1.500,00", "149.999", "-5", "1e3", "0x10", "15 USD", "1 50", "1,5,0", "Infinity", ",5"])(
  "a price that can be understood in two ways, or not at all, is refused: %s",
  (text) => {
    expect(readSetting("price", text)).toHaveProperty("problem");
  },
);
