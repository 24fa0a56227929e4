import { expect, test } from "vitest";
import { BatchSize } from "./batch-size";

const sized = (timeoutMs = 30_000) => new BatchSize(timeoutMs);

test("what was never measured starts small", () => {
  expect(sized().next("contact.add")).toBe(10);
});

test("a fast portal is sent fifty at once, and never more", () => {
  const size = sized();
  size.answered("contact.add", 10, 0.2);
  expect(size.next("contact.add")).toBe(50);
  size.answered("contact.add", 50, 0);
  expect(size.next("contact.add")).toBe(50);
});

test("a slow portal is sent as many as end long before its minute and before our own patience", () => {
  const size = sized();
  size.answered("contact.add", 10, 20);
  expect(size.next("contact.add")).toBe(9);
  const hasty = sized(5_000);
  hasty.answered("contact.add", 1, 1);
  expect(hasty.next("contact.add")).toBe(3);
});

test("one slow answer counts at once, and is forgotten by and by", () => {
  const size = sized();
  size.answered("deal.add", 10, 1);
  size.answered("deal.add", 10, 60);
  expect(size.next("deal.add")).toBe(3);
  for (let answers = 0; answers < 30; answers++) size.answered("deal.add", 10, 1);
  expect(size.next("deal.add")).toBe(50);
});

test("a command that takes longer than all the time there is still goes, alone", () => {
  const size = sized();
  size.answered("deal.add", 1, 100);
  expect(size.next("deal.add")).toBe(1);
});

test("what the portal still grants a method bounds its next request", () => {
  const size = sized();
  size.answered("contact.add", 10, 10);
  expect(size.next("contact.add", 4)).toBe(4);
  expect(size.next("contact.add", 0)).toBe(1);
});

test("lost requests halve, down to one, and answered ones double again", () => {
  const size = sized();
  size.answered("contact.add", 50, 1);
  const sizes = [50, 25, 12, 6, 3, 1, 1].map((sent) => {
    expect(size.next("contact.add")).toBe(sent);
    size.lost("contact.add", sent);
    return size.next("contact.add");
  });
  expect(sizes).toEqual([25, 12, 6, 3, 1, 1, 1]);
  const grown = Array.from({ length: 6 }, () => {
    size.answered("contact.add", 1, 0.02);
    return size.next("contact.add");
  });
  expect(grown).toEqual([2, 4, 8, 16, 32, 50]);
});

test("kinds of work are measured apart", () => {
  const size = sized();
  size.answered("contact.add", 10, 20);
  size.lost("deal.add", 10);
  expect([size.next("contact.add"), size.next("deal.add"), size.next("row.set")]).toEqual([9, 5, 10]);
});

test("a group fits into about a minute, and holds between ten and a hundred registrations", () => {
  const size = sized();
  const kinds = ["contact.add", "deal.add"];
  expect(size.group(kinds)).toBe(100);
  size.answered("contact.add", 1, 1);
  size.answered("deal.add", 1, 0.5);
  expect(size.group(kinds)).toBe(40);
  size.answered("contact.add", 1, 60);
  expect(size.group(kinds)).toBe(10);
});
