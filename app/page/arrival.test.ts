import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../routes");
const files = readdirSync(folder).filter((name) => name.endsWith(".tsx"));

/** The registration form is left to pages that bring it, the framed one is alone in its frame, and this one is in no build. */
const without = ["register.tsx", "register_.$form.tsx", "embed.($form).tsx", "design.tsx"];

test("every page but the registration form brings what moves the focus to a page and names it", () => {
  const bringing = files.filter((name) =>
    readFileSync(join(folder, name), "utf8").includes('import "~/page/arrival";'),
  );
  // Around the pages of the administration is a route of their own.
  const pages = files.filter((name) => !/^admin\./.test(name) || name === "admin.tsx");
  expect(bringing.sort()).toEqual(pages.filter((name) => !without.includes(name)).sort());
});
