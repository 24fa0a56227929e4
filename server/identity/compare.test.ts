import { expect, test } from "vitest";
import { type KnownPortal, type PortalChange, portalChange } from "./compare";
import type { Inspection } from "./facts";

const host = "https://portal.example";
const none = { asked: 0, ours: 0, foreign: 0, missing: 0 };
const ours = { asked: 4, ours: 3, foreign: 0, missing: 1 };
const theirs = { asked: 4, ours: 0, foreign: 1, missing: 3 };
const gone = { asked: 4, ours: 0, foreign: 0, missing: 4 };
const facts = { ownerId: 1, ownerSince: "2024-03-01T10:00:00+03:00", founded: "2024-01-15T03:00:00+03:00" };

const cases: [name: string, known: Partial<KnownPortal>, now: Partial<Inspection>, change: PortalChange | null][] = [
  ["the first portal ever", { hosts: [], facts: {} }, { sample: none }, null],
  ["rows of before its identity was kept, and their records stand", { hosts: [], facts: {} }, { sample: ours }, null],
  [
    "rows of before its identity was kept, and strangers stand there",
    { hosts: [], facts: {} },
    { sample: theirs, facts: {} },
    "records",
  ],
  ["nothing has changed", {}, {}, null],
  ["another zone of the webhook's owner", {}, { facts: { ...facts, founded: "2024-01-15T00:00:00Z" } }, null],
  ["the portal's server in summer time", {}, { facts: { ...facts, founded: "2024-01-15T03:00:00+04:00" } }, null],
  [
    "the owner's day in summer time, where the first user's is not told",
    { facts: { ownerId: 1, ownerSince: facts.ownerSince } },
    { facts: { ownerId: 1, ownerSince: "2024-03-01T10:00:00+02:00" } },
    null,
  ],
  [
    "a first user of the day after",
    {},
    { facts: { ...facts, founded: "2024-01-16T03:00:00+03:00" }, sample: none },
    "founded",
  ],
  ["another address", {}, { host: "https://other.example" }, "host"],
  ["another address where our records stand", {}, { host: "https://other.example", sample: ours }, "host"],
  ["an address of before", { hosts: ["https://old.example", host] }, { host: "https://old.example" }, null],
  [
    "another port on this machine where our records stand",
    { hosts: ["http://127.0.0.1:3024"] },
    { host: "http://127.0.0.1:4000", sample: ours },
    null,
  ],
  [
    "another port on this machine and no record of ours",
    { hosts: ["http://127.0.0.1:3024"] },
    { host: "http://127.0.0.1:4000", sample: none },
    "host",
  ],
  [
    "a name that only begins like this machine's",
    { hosts: [host] },
    { host: "https://localhost.example", sample: ours },
    "host",
  ],
  ["another first user", {}, { facts: { ...facts, founded: "2025-06-01T00:00:00Z" }, sample: none }, "founded"],
  [
    "another first user, whatever stands there",
    {},
    { facts: { ...facts, founded: "2025-06-01T00:00:00Z" }, sample: ours },
    "founded",
  ],
  ["the same first user, and our records were removed", {}, { sample: gone }, null],
  ["the same first user, and another program has claimed a deal", {}, { sample: theirs }, null],
  [
    "the same owner, registered at another time",
    { facts: { ownerId: 1, ownerSince: facts.ownerSince } },
    { facts: { ownerId: 1, ownerSince: "2025-06-01" } },
    "owner",
  ],
  [
    "a webhook of another owner",
    { facts: { ownerId: 1, ownerSince: facts.ownerSince } },
    { facts: { ownerId: 7, ownerSince: "2025-06-01" }, sample: ours },
    null,
  ],
  ["a webhook without the scope, and our records", {}, { facts: { ownerId: 1 }, sample: ours }, null],
  ["a webhook without the scope, and strangers", {}, { facts: { ownerId: 1 }, sample: theirs }, "records"],
  ["a webhook without the scope, and none of our records", {}, { facts: { ownerId: 1 }, sample: gone }, "records"],
  [
    "a webhook without the scope, and one of our records that was removed",
    {},
    { facts: { ownerId: 1 }, sample: { ...gone, asked: 1, missing: 1 } },
    null,
  ],
  [
    "a portal that an administrator has vouched for",
    { facts: { vouched: true } },
    { facts: { ownerId: 1 }, sample: gone },
    null,
  ],
  [
    "a portal that an administrator has vouched for at another address",
    { facts: { vouched: true } },
    { host: "https://other.example" },
    "host",
  ],
];

test.each(cases)("the portal is known again, or an administrator is asked: %s", (_name, known, now, change) => {
  const before = { hosts: [host], facts, ...known };
  expect(portalChange(before, { host, facts, sample: none, newest: [], ...now }, { redirected: false })).toBe(change);
});

test("an address to which the portal itself has sent us is its new one, unless strangers stand there", () => {
  const known = { hosts: [host], facts: {} };
  const moved = { host: "https://renamed.example", facts: {}, newest: [] };
  expect(portalChange(known, { ...moved, sample: ours }, { redirected: true })).toBeNull();
  expect(portalChange(known, { ...moved, sample: theirs }, { redirected: true })).toBe("records");
});
