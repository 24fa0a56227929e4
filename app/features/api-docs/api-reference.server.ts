import type { OpenAPIObject } from "trpc-to-openapi";
import type { Locale } from "~/i18n/locale";
import { operationText } from "./operation-texts";

/**
 * What the page shows of an OpenAPI document, in the reader's language: references resolved, errors left out, since
 * they are the same everywhere.
 */
export interface ApiOperation {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  fields: { name: string; type: string; isRequired: boolean; description: string }[];
  curl: string;
  answers: { status: string; description: string; example: string }[];
}

/** Of JSON whose shape the document's own tests hold. */
type Json = { [key: string]: Json };

export function apiOperations(openApi: OpenAPIObject, locale: Locale): ApiOperation[] {
  const document = openApi as unknown as Json;
  const words = (value: unknown) => operationText(locale, text(value));
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      id: text(operation.operationId),
      method: method.toUpperCase(),
      path,
      summary: words(operation.summary),
      description: words(operation.description),
      fields: [...parameterFields(operation.parameters), ...bodyFields(operation.requestBody)].map((field) => ({
        ...field,
        description: words(field.description),
      })),
      curl: text(operation["x-codeSamples"]?.[0]?.source),
      answers: Object.entries(operation.responses ?? {})
        .filter(([status]) => status.startsWith("2"))
        .map(([status, answer]) => ({
          status,
          description: words(answer.description),
          example: JSON.stringify(answer.content?.["application/json"]?.example, null, 2),
        })),
    })),
  );
}

const parameterFields = (parameters: Json | undefined) =>
  Object.values(parameters ?? {}).map(({ name, schema, required }) => field(text(name), schema, Boolean(required)));

function bodyFields(body: Json | undefined) {
  // JSON; of the portal's events a form.
  const [schema] = Object.values(body?.content ?? {}).map((content) => content.schema);
  const required = Object.values(schema?.required ?? {}).map(text);
  return Object.entries(schema?.properties ?? {}).map(([name, part]) => field(name, part, required.includes(name)));
}

const field = (name: string, schema: Json | undefined, isRequired: boolean) => ({
  name,
  type: typeOf(schema),
  isRequired,
  description: text(schema?.description),
});

/** Of a field that may be of several types, all of them. */
function typeOf(schema: Json | undefined): string {
  const parts = [schema?.anyOf, schema?.type].flatMap((part): unknown[] => (Array.isArray(part) ? part : []));
  const types = parts.map((part) => (typeof part === "string" ? part : typeOf(part as Json)));
  return types.length > 0 ? [...new Set(types)].join(" | ") : text(schema?.type);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
