import { expect, test } from "vitest";
import { fillTitle, type Placeholder, placeholders, titleFault, usualTitle } from "./title-template";

const values = (given: Partial<Record<Placeholder, string>>) =>
  ({ ...Object.fromEntries(placeholders.map((name) => [name, ""])), ...given }) as Record<Placeholder, string>;

test("placeholders are filled in, and the usual template is name and product", () => {
  expect(fillTitle(usualTitle, values({ name: "Анна Петрова", product: "Course" }))).toBe("Анна Петрова — Course");
  expect(
    fillTitle("{product} / {utm_source} / №{number}", values({ product: "A", utm_source: "vk", number: "7" })),
  ).toBe("A / vk / №7");
});

for (const [template, given, title] of [
  ["{name} — {product}", { name: "Anna" }, "Anna"],
  ["{name} — {product}", { product: "Course" }, "Course"],
  ["{name}, {company}: {product}", { name: "Anna", product: "Course" }, "Anna: Course"],
  ["Sale {utm_campaign} {name}", { name: "Anna" }, "Sale Anna"],
  ["{company} | {utm_source} | {name}", { name: "Anna" }, "Anna"],
] as const)
  test(`a separator beside an empty value is left out: ${template} gives ${title}`, () => {
    expect(fillTitle(template, values(given))).toBe(title);
  });

test("a value that looks like a placeholder stays what the person typed", () => {
  expect(fillTitle("{name} {product}", values({ name: "{product}", product: "{email}" }))).toBe("{product} {email}");
});

for (const [template, code, text] of [
  ["{name} {nmae}", "unknown", "{nmae}"],
  ["{} x", "unknown", "{}"],
  ["{Name}", "unknown", "{Name}"],
  ["{name", "brace", "{"],
  ["{{name}}", "brace", "{"],
  ["{name} $RESULT[x]", "macro", "$RESULT"],
  ["Registration", "fixed", "Registration"],
  [`{name}${"x".repeat(250)}`, "long", "256"],
] as const)
  test(`a template with a fault is refused by its code: ${template.slice(0, 30)}`, () => {
    expect(titleFault(template)).toEqual({ code, text });
  });

test("a template of exactly the portal's length is accepted", () => {
  expect(titleFault(`{name}${"x".repeat(249)}`)).toBeNull();
});
