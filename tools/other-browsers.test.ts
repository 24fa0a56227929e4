import { expect, test } from "vitest";
import { otherBrowsers } from "./other-browsers";

const there = () => true;

test("Chromium is alone unless others are asked for, by name and apart from Chromium's own switches", () => {
  expect(otherBrowsers(undefined, there)).toEqual([]);
  expect(otherBrowsers(" ", there)).toEqual([]);
  const found = otherBrowsers("firefox, webkit", there);
  expect(found.map(({ name, use }) => [name, use.defaultBrowserType, use.launchOptions])).toEqual([
    ["firefox", "firefox", {}],
    ["webkit", "webkit", {}],
  ]);
});

test("a browser that is unknown or not installed is said before any test runs", () => {
  expect(() => otherBrowsers("opera", there)).toThrow("opera is none of firefox, webkit");
  expect(() => otherBrowsers("webkit", () => false)).toThrow("npx playwright install webkit");
});
