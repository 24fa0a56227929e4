import { unescape as decodePercent } from "node:querystring";
import { nest, parseQuery } from "./query";
import { asMap, emptyMap, type Value, type ValueMap } from "./values";

/** One request as the portal understands it. */
export interface Call {
  method: string;
  params: ValueMap;
  /** What the path claims; not yet checked. */
  credentials?: { userId: number; secret: string };
}

/** The body is not UTF-8; the portal refuses it before it looks at the method. */
export class WrongEncoding extends Error {}

const webhookPath = /^\/rest\/(\d+)\/([^/]+)\/([^/]*)\/?$/;
const applicationPath = /^\/rest\/([^/]+)\/?$/;

/** Undefined if the address belongs to no REST method. */
export async function readCall(request: Request): Promise<Call | undefined> {
  const url = new URL(request.url);
  // The web server before a portal merges slashes; clients that put one after a webhook's address rely on it.
  const path = url.pathname.replace(/\/{2,}/g, "/");
  const webhook = webhookPath.exec(path);
  const method = webhook?.[3] ?? applicationPath.exec(path)?.[1];
  if (method === undefined) return undefined;
  const params = Object.assign(parseQuery(url.search.slice(1)), await readBody(request));
  const name = decodePercent(method)
    .toLowerCase()
    .replace(/\.(json|xml)$/, "");
  const [, userId, secret] = webhook ?? [];
  if (userId === undefined || secret === undefined) return { method: name, params };
  return { method: name, params, credentials: { userId: Number(userId), secret } };
}

/** A body that comes with a GET is not read at all. */
async function readBody(request: Request): Promise<ValueMap> {
  if (request.method !== "POST") return emptyMap();
  const type = request.headers.get("content-type") ?? "";
  if (type.startsWith("multipart/form-data")) return readMultipart(request);
  const text = decodeUtf8(await request.arrayBuffer());
  if (type.startsWith("application/x-www-form-urlencoded")) return parseQuery(text);
  return type.startsWith("application/json") ? readJson(text) : emptyMap();
}

async function readMultipart(request: Request): Promise<ValueMap> {
  const pairs: [string, string][] = [];
  const form = await request.formData().catch(() => new FormData());
  for (const [name, value] of form) if (typeof value === "string") pairs.push([name, value]);
  return nest(pairs);
}

function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new WrongEncoding();
  }
}

/** What is no JSON object counts as no parameters. */
function readJson(text: string): ValueMap {
  try {
    return asMap(JSON.parse(text) as Value) ?? emptyMap();
  } catch {
    return emptyMap();
  }
}

/** Older methods take their parameters in upper case as well. */
export function legacyParameter(params: ValueMap, name: string): Value | undefined {
  return params[name] ?? params[name.toUpperCase()];
}

const nested = new Set(["fields", "filter", "order", "params"]);

/** The names that a call carries, one level into its groups: enough for a log, and nothing of the content. */
export function parameterNames(params: ValueMap): string[] {
  return Object.entries(params).flatMap(([name, value]) => {
    const group = nested.has(name.toLowerCase()) ? asMap(value) : undefined;
    return group ? Object.keys(group).map((inner) => `${name}.${inner}`) : [name];
  });
}
