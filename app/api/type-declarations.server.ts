import { z } from "zod";
import { errorCodes } from "~server/trpc/errors";
import { appRouter } from "~server/trpc/router";

/**
 * The type of the router as one file that stands alone, for programs that have none of our sources. Made from the schemas
 * that the procedures check with, as the OpenAPI document is, so that it cannot fall behind. What the compiler would emit
 * for `AppRouter` imports half the server.
 */
export function typeDeclarations(): string {
  const named = new Map<string, string>();
  const router = routerType(tree(), named);
  return `${header}
export type ErrorCode = ${errorCodes.map((code) => JSON.stringify(code)).join(" | ")};

export interface ErrorShape {
  code: TRPC_ERROR_CODE_NUMBER;
  message: ErrorCode;
  data: {
    code: TRPC_ERROR_CODE_KEY;
    httpStatus: number;
    path: string | undefined;
    appCode: ErrorCode;
    /** What is wrong with the input, or what prevents a change that is valid in itself. */
    details?: { [name: string]: unknown };
  };
}

${[...named].map(([name, type]) => `export interface ${name} ${type}`).join("\n\n")}

export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  ${indent(router)}
>;
`;
}

const header = `import type {
  TRPC_ERROR_CODE_KEY,
  TRPC_ERROR_CODE_NUMBER,
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
} from "@trpc/server";
`;

type Procedure = (typeof appRouter)["_def"]["procedures"]["getUser"];
type Tree = { [name: string]: Tree | Procedure };
type Json = z.core.JSONSchema.BaseSchema;

/** The procedures by the parts of their names: `payments.history` is a part of `payments`. */
function tree(): Tree {
  const root: Tree = {};
  for (const [path, procedure] of Object.entries(appRouter._def.procedures)) {
    const parts = path.split(".");
    let at = root;
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Tree;
    }
    at[parts.at(-1) ?? ""] = procedure as Procedure;
  }
  return root;
}

function routerType(part: Tree, named: Map<string, string>): string {
  const entries = Object.entries(part).map(([name, value]) => {
    if (typeof value !== "function") return `${name}: ${routerType(value, named)};`;
    const { type, inputs, output } = value._def as unknown as ProcedureDef;
    const [input] = inputs;
    const kind = type === "query" ? "TRPCQueryProcedure" : "TRPCMutationProcedure";
    const types = `{ input: ${input ? schemaType(input, "input", named) : "void"}; output: ${schemaType(output, "output", named)}; meta: object }`;
    return `${name}: ${kind}<${types}>;`;
  });
  return block(entries);
}

interface ProcedureDef {
  type: "query" | "mutation";
  inputs: z.ZodType[];
  output: z.ZodType;
}

/** The type of what a procedure takes or answers. Shapes with an id become declarations in `named`. */
function schemaType(schema: z.ZodType, io: "input" | "output", named: Map<string, string>): string {
  if (schema instanceof z.ZodVoid) return "void";
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io });
  for (const [name, part] of Object.entries($defs)) named.set(name, typeOf(part));
  return typeOf(root);
}

/** Throws at what has no type here yet: a wrong type would be worse. */
function typeOf(schema: Json): string {
  const { $ref, const: literal, enum: values, anyOf, type } = schema;
  if ($ref) return $ref.replace("#/$defs/", "");
  if (literal !== undefined) return JSON.stringify(literal);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf) return anyOf.map(typeOf).join(" | ");
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one } as Json)).join(" | ");
  switch (type) {
    case "string":
    case "boolean":
    case "null":
      return type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `Array<${typeOf(schema.items as Json)}>`;
    case "object":
      return objectType(schema);
    default:
      if (Object.keys(schema).every((key) => key === "$schema" || key === "description")) return "unknown";
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

function objectType({ properties, required = [], additionalProperties }: Json): string {
  if (!properties) return `Record<string, ${typeOf(additionalProperties as Json)}>`;
  const entries = Object.entries(properties).map(([name, part]) => {
    const schema = part as Json;
    const comment = schema.description ? `/** ${schema.description.replaceAll("*/", "*\\/")} */\n` : "";
    return `${comment}${name}${required.includes(name) ? ":" : "?:"} ${typeOf(schema)}${required.includes(name) ? "" : " | undefined"};`;
  });
  return block(entries);
}

const indent = (text: string) => text.replaceAll("\n", "\n  ");
const block = (entries: string[]) => (entries.length > 0 ? `{\n  ${indent(entries.join("\n"))}\n}` : "{}");
