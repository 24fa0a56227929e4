import { join } from "node:path";
import { UNSAFE_flatRoutes as flatRoutes } from "@remix-run/dev";
import { expect, test } from "vitest";
import { root } from "../../tools/run";
import { shots, withoutPicture } from "./pages";

const routes = Object.values(flatRoutes(join(root, "app"), ["**/*.test.*"], "routes"));

/**
 * Files of pages, as app/routes.ts finds routes. Those without markup are no pages, and what stands around others is
 * seen with them.
 */
const pages = routes
  .filter(({ id, file }) => file.endsWith(".tsx") && !routes.some(({ parentId }) => parentId === id))
  .map(({ file }) => file.replace(/^routes\/|\.tsx$/g, ""));

test("every page has a picture, or a reason why there is none", () => {
  expect(pages.length).toBeGreaterThan(40);
  expect([...Object.keys(shots), ...Object.keys(withoutPicture)].sort()).toEqual(pages.toSorted());
});

test("pictures of one page are told apart", () => {
  for (const [page, all] of Object.entries(shots)) {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size, page).toBe(all.length);
    expect(all.length, page).toBeGreaterThan(0);
  }
});
