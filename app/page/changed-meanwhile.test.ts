import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { showChanged } from "./changed-meanwhile";

/** As Remix asks a route that has a function of its own. */
const after = (actionStatus: number | undefined) =>
  showChanged({ actionStatus, defaultShouldRevalidate: true } as never);

test("a page whose answer says that something was changed or removed meanwhile loads its data again", () => {
  expect([409, 404].map((status) => after(status))).toEqual([true, true]);
});

test("a form that was refused for what was typed, or lost, keeps the page as it is, and all else is as ever", () => {
  expect([400, 403, 413, 429, 500, 503].map((status) => after(status))).toEqual(Array(6).fill(false));
  expect([200, undefined].map((status) => after(status))).toEqual([true, true]);
});

test("this applies to each page whose answer says that something was changed or removed meanwhile", () => {
  const folder = join(import.meta.dirname, "../routes");
  const showing = readdirSync(folder).filter((name) =>
    readFileSync(join(folder, name), "utf8").includes("showChanged as shouldRevalidate"),
  );
  expect(showing.sort()).toEqual([
    "account_.data.tsx",
    "account_.second-factor.tsx",
    "admin.audit.tsx",
    "admin.conflicts.tsx",
    "admin.portal.tsx",
    "admin.settings.tsx",
    "admin.settings_.$group.tsx",
    "admin.settings_.consents.tsx",
    "admin.settings_.consents_.$key.tsx",
    "admin.settings_.forms.tsx",
    "admin.settings_.forms_.$id.tsx",
    "admin.settings_.logo.tsx",
    "admin.users.$id.tsx",
    "admin.users._index.tsx",
    "admin.users.bulk.tsx",
    "admin.users_.$id.rights.tsx",
    "admin.webhooks.tsx",
    "bitrix24-test.tsx",
  ]);
});
