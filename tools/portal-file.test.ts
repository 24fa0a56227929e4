import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { createPortal } from "../e2e/portal/portal";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { keepPortal } from "./portal-file";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));

let files = 0;
const newFile = () => join(mkdtempSync(join(folder, `${files++}-`)), "portal.json");

/** A run of the demo on this file. One that nobody stops is one that was killed, as far as the file can tell. */
function run(file: string, { newDatabase = false } = {}) {
  const said: string[] = [];
  const portal = createPortal();
  const { stop } = keepPortal(portal, { file, newDatabase, report: (message) => said.push(message) });
  onTestFinished(stop);
  return { portal, stop, said };
}

const kept = (file: string) =>
  JSON.parse(readFileSync(file, "utf8")).snapshot.deals.map(({ id }: { id: number }) => id);
const others = (file: string) => readdirSync(join(file, "..")).filter((name) => name !== "portal.json");

test("a portal that was stopped comes back with its data and goes on counting", () => {
  const file = newFile();
  const first = run(file, { newDatabase: true });
  first.portal.staff.addDeal({ title: "Kept" });
  first.stop();

  const second = run(file);
  expect(second.portal.deals.get(7001)?.title).toBe("Kept");
  expect(second.portal.staff.addDeal({ title: "Next" }).id).toBe(7002);
  expect([...first.said, ...second.said]).toEqual([]);
  expect(others(file)).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a change is in the file a moment later, again and again", async () => {
  const file = newFile();
  const { portal } = run(file, { newDatabase: true });
  for (const ids of [[7001], [7001, 7002]]) {
    portal.staff.addDeal({ title: "T" });
    await expect.poll(() => kept(file)).toEqual(ids);
  }
  expect(others(file)).toEqual([]);
});

test("a portal that was killed comes back without its last moment, and gives no id out twice", async () => {
  const file = newFile();
  const killed = run(file, { newDatabase: true });
  killed.portal.staff.addDeal({ title: "T" });
  await expect.poll(() => kept(file)).toEqual([7001]);
  killed.portal.staff.addDeal({ title: "Lost" });

  const next = run(file);
  expect([...next.portal.deals.keys()]).toEqual([7001]);
  expect(next.portal.staff.addDeal({ title: "T" }).id).toBe(107_002);
  expect(next.portal.staff.addContact({ name: "Ann" }).id).toBe(103_001);
  expect(next.said).toEqual([]);
});

test.each(["", "{", "null", '{"stopped":true,"snapshot":{"deals":[]}}'])(
  "a file that holds %j is set aside and told of; its ids are not given out again",
  (damage) => {
    const file = newFile();
    writeFileSync(file, damage);
    const { portal, said } = run(file);
    expect(portal.staff.addDeal({ title: "T" }).id).toBe(107_001);
    const [aside = ""] = others(file);
    expect(readFileSync(join(file, "..", aside), "utf8")).toBe(damage);
    expect(said).toEqual([expect.stringContaining(`cannot be read and is now ${join(file, "..", aside)}`)]);
  },
);

test("with a new database the portal starts empty as well, and says where its data went", () => {
  const file = newFile();
  const first = run(file, { newDatabase: true });
  first.portal.staff.addDeal({ title: "Of another database" });
  first.stop();

  const { portal, said } = run(file, { newDatabase: true });
  expect(portal.staff.addDeal({ title: "T" }).id).toBe(7001);
  expect(said).toEqual([expect.stringContaining("The database is new")]);
  expect(kept(join(file, "..", others(file)[0] ?? ""))).toEqual([7001]);
});

test("a demo that ended before its site had begun leaves nothing to set aside", () => {
  const file = newFile();
  run(file, { newDatabase: true });
  const { portal, said } = run(file, { newDatabase: true });
  expect(portal.staff.addDeal({ title: "T" }).id).toBe(7001);
  expect(said).toEqual([]);
  expect(others(file)).toEqual([]);
});

test("a database whose portal's file is gone gets ids that it cannot know, and a word about it", () => {
  const file = newFile();
  const { portal, said } = run(file);
  expect(portal.staff.addDeal({ title: "T" }).id).toBe(107_001);
  expect(said).toEqual([expect.stringContaining("is not there")]);
});

test("what cannot be written is told, and does not end the portal", async () => {
  const file = newFile();
  const { portal, said } = run(file, { newDatabase: true });
  rmSync(join(file, ".."), { recursive: true });
  portal.staff.addDeal({ title: "T" });
  await expect.poll(() => said).toEqual([expect.stringContaining("could not be kept: ENOENT")]);
});
