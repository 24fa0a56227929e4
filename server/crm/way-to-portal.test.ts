import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness, findFaults } from "../test/crm";

/** Counted from the worker's turn, which fetches a job, to the HTTP request, both included. */
const mostCalls = 9;
const mostFiles = 14;

const server = resolve(import.meta.dirname, "..");
const transport = join(server, "bitrix24/transport/client.ts");

/** Our own stack frames of each request that a registration sends to the portal, innermost first. */
const ways: { name: string; file: string }[][] = [];
const {
  fetch,
  Error: { stackTraceLimit },
} = globalThis;
let crm: CrmHarness;

beforeAll(async () => {
  Error.stackTraceLimit = 100;
  globalThis.fetch = (...request) => {
    const frames = (new Error("here").stack ?? "").split("\n").flatMap((line) => {
      const [, name = "", path = ""] =
        /^ +at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(\/[^:]+):\d+:\d+\)?$/.exec(line) ?? [];
      const isOurs = path.startsWith(server) && !/\.test\.ts$|\/node_modules\/|\/server\/test\//.test(path);
      return isOurs ? [{ name, file: path }] : [];
    });
    const sync = frames.findIndex(({ name }) => name === "syncRegistrations");
    if (sync >= 0) ways.push(frames.slice(0, sync + 2));
    return fetch(...request);
  };
  crm = await createCrmHarness({ env: { BITRIX24_ASSIGNED_BY_IDS: "1,2" } });
});
afterAll(async () => {
  globalThis.fetch = fetch;
  Error.stackTraceLimit = stackTraceLimit;
  await crm.close();
});

const allThrough = () => expect.poll(() => crm.services.db.user.count({ where: { crmState: "PENDING" } })).toBe(0);

test(`from a fetched job to the HTTP request it is at most ${mostCalls} calls`, async () => {
  const { portal, services, register, newWorker } = crm;
  const { db } = services;
  // An existing contact whose owner may have been dismissed, without a phone, which the confirmed e-mail allows to add.
  const known = portal.staff.addContact({ name: "Anna", assignedById: 1 }, { emails: ["known@example.com"] });
  await db.user.update({
    where: { id: await register({ email: "known@example.com" }) },
    data: { emailConfirmedAt: new Date() },
  });
  // New people, including one whose look-up fails, and one whose stored ids name no record.
  for (let count = 0; count < 4; count++) await register();
  await register({ email: "culprit@example.com" });
  portal.fail({ kind: "firewall", match: "culprit@", times: 12 });
  const lost = await register();
  await db.user.update({ where: { id: lost }, data: { bitrix24ContactId: 999_001, bitrix24DealId: 999_002 } });
  // A text that needs a request of its own, and one that the portal refuses with a sentence about the field.
  await register({ firstName: "$result[c0]" });
  await register({ firstName: "Refused" });
  portal.fail({ kind: "command", method: "crm.item.add", match: "Refused", code: "ODD", text: "Title", times: 2 });
  // A deal whose product row got no answer: it is read before the row is set again.
  portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "ROW", times: 1 });
  newWorker().start();
  await allThrough();
  expect(await findFaults(crm)).toEqual([expect.stringContaining("has 0 contacts")]);
  expect((await db.user.findFirst({ where: { email: "known@example.com" } }))?.bitrix24ContactId).toBe(known.id);

  const asked = new Set(ways.flatMap((frames) => frames.slice(0, -1).map(({ name }) => name.replace(/^.*[.#]/, ""))));
  const stations = [
    "syncRegistrations",
    "createDealOnRegistration",
    "checkContactExists",
    "createContact",
    "createDeal",
  ];
  const questions = ["addProductToDeal", "getProductInfo", "lookUp", "rowsOnDeals", "assign", "probe", "judgeFailures"];
  expect([...asked]).toEqual(expect.arrayContaining([...stations, ...questions]));
  for (const frames of ways) {
    // The stack must be complete: a call that returns a promise without awaiting it would be missing in it.
    expect(frames.at(-1)?.name).toMatch(/^Worker\.#(turn|probe)$/);
    expect(frames.length, frames.map(({ name }) => name).join(" < ")).toBeLessThanOrEqual(mostCalls);
  }
});

test(`from the worker to the HTTP request it is at most ${mostFiles} files`, () => {
  const called = ways.flatMap((frames) => frames.map(({ file }) => file));
  // The files that call each other towards the request, and those that could by their imports. services.ts names every
  // part, so the portal's methods are followed from their own files instead.
  const files = new Set([...called, ...filesBetween(join(server, "crm/sync-registrations.ts"), transport)]);
  for (const file of filesBetween(join(server, "bitrix24/bitrix24.ts"), transport)) files.add(file);
  const names = [...files].map((file) => relative(server, file));
  expect(names).toEqual(expect.arrayContaining(["worker/worker.ts", "bitrix24/transport/client.ts"]));
  expect(names.length, names.join(", ")).toBeLessThanOrEqual(mostFiles);
});

/** The files on the import paths between two files, including type imports. */
function filesBetween(from: string, to: string): string[] {
  const imports = new Map<string, string[]>();
  const visit = (file: string): void => {
    if (imports.has(file)) return;
    const found = [...readFileSync(file, "utf8").matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";/gm)];
    const files = found.map(([, path = ""]) => `${join(dirname(file), path)}.ts`).filter(isOnTheWay);
    imports.set(file, files);
    for (const each of files) visit(each);
  };
  visit(from);
  const leading = new Set([to]);
  for (let before = 0; before !== leading.size; ) {
    before = leading.size;
    for (const [file, files] of imports) if (files.some((each) => leading.has(each))) leading.add(file);
  }
  return [...leading];
}

/** Without services.ts, which names every part, and without the worker's other work. */
const isOnTheWay = (file: string): boolean =>
  !/services\.ts$|\.json\.ts$|prisma\/generated|\/server\/(deal-sync|privacy|payments|queue|database|identity)\//.test(
    file,
  );
