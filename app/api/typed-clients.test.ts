import { readFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeForeignProject, resolutions } from "~/test/foreign-project";
import { openApiDocument } from "./openapi.server";
import { typeDeclarations } from "./type-declarations.server";

/** The examples that the reference shows, by the names of their files. */
const reference = readFileSync(join(import.meta.dirname, "../../docs/reference.md"), "utf8");
const examples = new Map(
  [...reference.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, name = "", text = ""]) => [name, text]),
);

let project: ReturnType<typeof makeForeignProject>;

beforeAll(async () => {
  project = makeForeignProject(["@trpc/client", "@trpc/server", "openapi-fetch", "openapi-typescript-helpers"]);
  project.write("package.json", JSON.stringify({ type: "module" }));
  project.write("front-desk.d.ts", typeDeclarations());
  project.write("rest.d.ts", astToString(await openapiTS(JSON.stringify(openApiDocument("https://site.example")))));
  for (const [name, text] of examples) project.write(name, text);
});

afterAll(() => project.remove());

for (const [name, resolution] of Object.entries(resolutions)) {
  test(`the reference's examples compile in a program that has none of our sources, with ${name}`, () => {
    expect([...examples.keys()]).toEqual(["unpaid.ts", "register.ts", "unpaid-rest.ts"]);
    expect(project.compile([...examples.keys()], resolution)).toEqual([]);
  });
}

test("the compiler tells a program of a misspelt procedure, field and answer", () => {
  const text = examples.get("unpaid.ts") ?? "";
  const misspelt = ["listUsers", "paid: false", ".email"].map((word, n) => {
    expect(text).toContain(word);
    project.write(`misspelt-${n}.ts`, text.replace(word, word.replace("e", "ee").replace("i", "ii")));
    return `misspelt-${n}.ts`;
  });
  const found = project.compile(misspelt, { ...resolutions.NodeNext, skipLibCheck: true });
  expect([...new Set(found.map(({ file }) => file))].sort()).toEqual(misspelt);
});

test("every procedure takes and answers by the declarations what it does by the router itself", () => {
  const server = join(import.meta.dirname, "../../server");
  project.write(
    "same.ts",
    `import type { AnyTRPCRouter, inferRouterError, inferRouterInputs, inferRouterOutputs } from "@trpc/server";
     import type { AppRouter as Served } from "./front-desk.js";
     import type { AppRouter } from "${server}/trpc/router";
     type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
     export const inputs: Same<inferRouterInputs<Served>, inferRouterInputs<AppRouter>> = true;
     export const outputs: Same<inferRouterOutputs<Served>, inferRouterOutputs<AppRouter>> = true;
     type Code<Router extends AnyTRPCRouter> = inferRouterError<Router>["data"]["appCode"];
     export const codes: Same<Code<Served>, Code<AppRouter>> = true;
     export const different: Same<inferRouterInputs<Served>, Omit<inferRouterInputs<AppRouter>, "getUser">> = false;`,
  );
  expect(project.compile(["same.ts"], { ...resolutions.Bundler, skipLibCheck: true })).toEqual([]);
});
