import { expect, test } from "vitest";
import { showChanged } from "./changed-meanwhile";

const after = (actionStatus: number | undefined, defaultShouldRevalidate = false) =>
  showChanged({ actionStatus, defaultShouldRevalidate } as never);

test("a page whose answer says that something was changed or removed meanwhile loads its data again", () => {
  expect([409, 404].map((status) => after(status))).toEqual([true, true]);
});

test("a form that was refused for what was typed keeps the page as it is, and all else is as ever", () => {
  expect([400, 403, 413, 429, 503, undefined].map((status) => after(status))).toEqual(Array(6).fill(false));
  expect([200, undefined].map((status) => after(status, true))).toEqual([true, true]);
});
