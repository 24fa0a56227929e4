import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { propertySeed } from "../test/property";
import { accentFault, accentStyles, coloursOf, contrast, grounds } from "./accent";

const hex = fc
  .tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 255 })))
  .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`);

test("contrasts are those of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 3);
  expect(contrast("#ffffff", "#777777")).toBeCloseTo(4.478, 3);
});

test("whatever colour is accepted, every text has the contrast of WCAG AA in both schemes", () => {
  let accepted = 0;
  fc.assert(
    fc.property(hex, (colour) => {
      if (accentFault(colour)) return;
      accepted += 1;
      for (const scheme of ["light", "dark"] as const) {
        const { accent, strong, soft, on } = coloursOf(colour)[scheme];
        for (const ground of [...grounds[scheme], soft]) {
          expect(contrast(accent, ground)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(strong, ground)).toBeGreaterThanOrEqual(4.5);
        }
        expect(contrast(on, accent)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(on, strong)).toBeGreaterThanOrEqual(4.5);
      }
    }),
    { seed: propertySeed, numRuns: 500, examples: [["#000000"], ["#0c5a4b"], ["#b00020"], ["#0000ff"]] },
  );
  expect(accepted).toBeGreaterThanOrEqual(4);
});

for (const colour of ["#ffffff", "#ffd400", "#79d3b6", "#ff6600"])
  test(`${colour} is too light for text on a light page`, () => {
    expect(accentFault(colour)).toMatchObject({ code: "light", contrast: expect.any(Number) });
  });

for (const text of ["green", "#12345", "#1234567", "12345", "#12345g", "url(x)", "#000000;}"])
  test(`${text} is no colour`, () => {
    expect(accentFault(text)).toMatchObject({ code: "shape" });
  });

test("the grounds that are compared with are those of the stylesheet", () => {
  const css = readFileSync(new URL("../../app/tailwind.css", import.meta.url), "utf8");
  const [light = "", dark = ""] = css.split("prefers-color-scheme: dark");
  for (const [scheme, part] of [
    ["light", light],
    ["dark", dark],
  ] as const)
    expect(["ground", "surface", "sunken"].map((name) => new RegExp(`--${name}: (#\\w+)`).exec(part)?.[1])).toEqual(
      grounds[scheme],
    );
});

test("the stylesheet sets the colours of both schemes and nothing else", () => {
  const css = accentStyles("#0C5A4B");
  expect(css).toContain(":root{--accent:#0c5a4b;");
  expect(css).toContain("@media (prefers-color-scheme: dark){:root{");
  expect(css.replace(/--accent(-strong|-soft|-on)?:#[0-9a-f]{6};/g, "")).toBe(
    ":root{}@media (prefers-color-scheme: dark){:root{}}",
  );
});
