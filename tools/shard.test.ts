import { expect, test } from "vitest";
import { readShard } from "./shard";

test("a share of the tests is asked for in the words of both runners", () => {
  expect(readShard(["--shard", "2/3"])).toEqual(["--shard=2/3"]);
  expect(readShard(["--shard=3/3"])).toEqual(["--shard=3/3"]);
  expect(readShard([])).toEqual([]);
});

test.each([
  ["--shard", "4/3"],
  ["--shard", "0/3"],
  ["--shard", "2"],
  ["--shard", "1/0"],
  ["--shard"],
  ["2/3"],
  ["--shrd=1/2"],
])("what is no share ends the run instead of running everything or nothing: %s %s", (...args) => {
  expect(() => readShard(args)).toThrow();
});
