import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UNSAFE_flatRoutes as flatRoutes } from "@remix-run/dev";
import { expect, test } from "vitest";
import { z } from "zod";
import { AppError } from "~server/platform/errors";
import { errorCodes } from "~server/trpc/errors";
import { appRouter } from "~server/trpc/router";
import { user } from "~server/trpc/schemas";
import { openApiDocument } from "./openapi.server";

// docs/reference.md, "Program interface", beside what the server has: its routes, procedures, shapes and errors.

const app = join(import.meta.dirname, "..");
const reference = readFileSync(join(app, "../docs/reference.md"), "utf8");
const [, chapter = ""] = /^## Program interface\n([\s\S]*?)^## /m.exec(reference) ?? [];

/** The cells of the rows of the table that has this heading. */
function rowsOf(heading: string): string[][] {
  const [, table = ""] = chapter.split(`\n${heading}\n`);
  const lines = table.split("\n\n", 1)[0]?.trim().split("\n").slice(1) ?? [];
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
const sorted = (names: string[]): string[] => [...new Set(names)].sort();

const calls = rowsOf("| endpoint | procedure | token's permission | takes | answers |").map(
  ([endpoint, procedure, permission, takes, answers]) => ({
    endpoint: codesIn(endpoint)[0] ?? null,
    procedure: codesIn(procedure)[0] ?? "",
    permission: codesIn(permission)[0] ?? null,
    takes: sorted(codesIn(takes)),
    answers: { statuses: [...(answers?.match(/\b2\d\d\b/g) ?? [])] as string[], fields: sorted(codesIn(answers)) },
  }),
);

interface Definition {
  inputs: unknown[];
  output: unknown;
  meta?: { scope?: string; openapi?: { method: string; path: string } };
}

interface Operation {
  operationId?: string;
  parameters?: { in: string; name: string }[];
  responses?: object;
}

const document = JSON.parse(JSON.stringify(openApiDocument("https://site.example"))) as {
  paths?: Record<string, Record<string, Operation>>;
};

/** The names of all fields that stand at the top of a schema, also of each of several shapes, and of a list's items. */
function fieldsOf(schema: unknown): string[] {
  if (schema === user) return ["User"];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => [
      name,
      ...(field instanceof z.ZodArray ? fieldsOf(field.element) : []),
    ]);
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(fieldsOf);
  return [];
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: Definition }>).map(
  ([name, { _def }]) => {
    const { inputs, output, meta } = _def;
    const { method, path } = meta?.openapi ?? {};
    const item: Record<string, Operation> = (path && document.paths?.[path]) || {};
    const operation = Object.values(item).find(({ operationId }) => operationId === name);
    const headers = operation?.parameters?.filter((parameter) => parameter.in === "header") ?? [];
    return {
      endpoint: method ? `${method} ${path?.replace(/\{(\w+)\}/g, ":$1")}` : null,
      procedure: name,
      permission: meta?.scope ?? null,
      takes: sorted([...inputs.flatMap(fieldsOf), ...headers.map(({ name }) => name)]),
      answers: {
        statuses: Object.keys(operation?.responses ?? {}).filter((status) => status.startsWith("2")),
        fields: sorted(fieldsOf(output)),
      },
    };
  },
);

test("every procedure stands in the table, with its endpoint, permission, fields and answers, and none that is not there", () => {
  expect(procedures.length).toBeGreaterThan(10);
  const byName = (rows: typeof calls) => Object.fromEntries(rows.map((row) => [row.procedure, row]));
  expect(byName(calls)).toEqual(byName(procedures));
  expect(calls).toHaveLength(procedures.length);
});

test("every address under /api is described", () => {
  const routes = Object.values(flatRoutes(app, ["**/*.test.*"], "routes"));
  const addresses = routes.map(({ path = "" }) => `/${path}`).filter((path) => /^\/api\/(?!\*)/.test(path));
  expect(addresses.length).toBeGreaterThan(8);
  const described = codesIn(chapter);
  const isDescribed = (path: string) =>
    described.some((code) => code === path || code.replace(/^[A-Z]+ /, "").split(/[ ?{]/, 1)[0] === path);
  expect(addresses.filter((path) => !isDescribed(path))).toEqual([]);
});

test("the example of a person has all fields of one, and no others", () => {
  const [, example = ""] = /^```json\n([\s\S]*?)^```$/m.exec(chapter) ?? [];
  const person: unknown = JSON.parse(example);
  expect(user.safeParse(person).error).toBeUndefined();
  expect(Object.keys(person as object)).toEqual(Object.keys(user.shape));
});

test("every code of an error stands in the table with its status", () => {
  const told = rowsOf("| code | status | when |").map(([code, status]) => [codesIn(code)[0], Number(status)]);
  expect(told.sort()).toEqual(errorCodes.map((code) => [code, new AppError(code).status]).sort());
});
