import { expect, test } from "vitest";
import { readers } from "./test-reports";

test("a test that passed only when it was run again counts as failed", () => {
  const stats = { expected: 7, unexpected: 2, flaky: 1 };
  expect(readers["test-results/playwright.json"]({ stats })).toEqual({ passed: 7, failed: 3 });
});
