import { generateOpenApiDocument, type OpenAPIObject } from "trpc-to-openapi";
import type { z } from "zod";
import { apiErrorTexts } from "~/i18n/api-errors";
import { cookieName } from "~server/auth/session-cookie";
import { maxBodyBytes } from "~server/http/body-limit";
import { type RefusalReason, tooLarge, tooManyRequests } from "~server/http/reply";
import { callsPerTokenAndMinute, maxBatchCalls } from "~server/http/token-limit";
import { PaymentConflictError } from "~server/payments/payments";
import { AppError, type AppErrorCode } from "~server/platform/errors";
import { FailedPermanentlyError, NotRegisteredError } from "~server/queue/resend";
import { ErasedRegistrationError } from "~server/registration/registration-key";
import { appRouter } from "~server/trpc/router";
import type { user as userSchema } from "~server/trpc/schemas";
import { eventOperation, eventPath } from "./event-operation.server";
import { restError, restErrorBody } from "./rest-error.server";

type Operation = NonNullable<NonNullable<NonNullable<OpenAPIObject["paths"]>[string]>["post"]>;

const ref = (section: "schemas" | "responses", name: string) => ({ $ref: `#/components/${section}/${name}` });

const answer = (description: string, schema: string, example: unknown) => ({
  description,
  content: { "application/json": { schema: ref("schemas", schema), example } },
});

const user = {
  id: 7,
  firstName: "Анна",
  lastName: "Петрова",
  company: "ООО «Ромашка»",
  email: "anna@example.com",
  phone: "+79001234567",
  isPaid: true,
  paidAt: "2026-11-22T09:30:00.000Z",
  bitrix24ContactId: 5,
  bitrix24DealId: 9,
  crmState: "synced",
  utm: { first: { utm_source: "yandex", utm_campaign: "spring" }, last: { utm_source: "vk" } },
  createdAt: "2026-11-20T12:00:00.000Z",
  form: "spring",
  answers: { size: "l", days: ["mon", "tue"] },
} satisfies z.input<typeof userSchema>;

const page = { users: [user], next: "1763640000000-7", complete: true };

const registration = {
  firstName: "Анна",
  email: "anna@example.com",
  phone: "+7 900 123-45-67",
  consent: true,
  utm: { last: { utm_source: "vk" } },
};

/** Refusals that have one code and several reasons. */
const conflicts = {
  PAYMENT_CHANGED: new PaymentConflictError({
    isPaid: true,
    changedAt: "2026-11-22T09:30:00.000Z",
    changedBy: { kind: "USER", id: 3 },
  }),
  GIVEN_UP: new FailedPermanentlyError({ crmState: "failed", crmError: "PORTAL_REFUSED" }),
  NOT_REGISTERED: new NotRegisteredError(),
  ERASED: new ErasedRegistrationError(),
};

type RefusalName = Exclude<AppErrorCode, "CONFLICT"> | keyof typeof conflicts;

const readErrors: RefusalName[] = ["INVALID", "UNAUTHORIZED", "FORBIDDEN", "NOT_FOUND", "TOO_MANY", "BUSY"];
const writeErrors: RefusalName[] = [...readErrors, "TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"];

/** The part of an operation that the procedures' schemas do not contain: its statuses in words, with examples. */
const operations: Record<
  string,
  {
    request?: object;
    query?: string;
    headers?: Record<string, string>;
    answers: Operation["responses"];
    errors: RefusalName[];
  }
> = {
  createDeal: {
    request: { userId: 7 },
    answers: {
      200: answer("The deal, created now or before.", "Deal", {
        userId: 7,
        bitrix24ContactId: 5,
        bitrix24DealId: 9,
        created: true,
      }),
      202: answer(
        "Not in Bitrix24 yet: queued, or held until the e-mail is confirmed, the registration reviewed or the consent given.",
        "PendingDeal",
        { userId: 7, crmState: "pending" },
      ),
    },
    errors: [...writeErrors, "GIVEN_UP", "NOT_REGISTERED"],
  },
  updatePayment: {
    request: { userId: 7, isPaid: true },
    answers: { 200: answer("The user as it is now.", "User", user) },
    errors: [...writeErrors, "PAYMENT_CHANGED"],
  },
  createRegistration: {
    request: registration,
    headers: { "Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324" },
    answers: {
      201: answer("Registered, now or by the same request before.", "Registration", { userId: 7, crmState: "pending" }),
    },
    errors: [
      "INVALID",
      "UNAUTHORIZED",
      "FORBIDDEN",
      "EMAIL_TAKEN",
      "FORM_CLOSED",
      "ERASED",
      "TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
      "KEY_REUSED",
      "TOO_MANY",
      "BUSY",
    ],
  },
  listUsers: {
    query: "paid=false&limit=100",
    answers: { 200: answer("A page of people.", "UserPage", page) },
    errors: readErrors,
  },
  searchUsers: {
    query: "q=petrova",
    answers: { 200: answer("A page of people.", "UserPage", page) },
    errors: readErrors,
  },
  getUser: { answers: { 200: answer("The user.", "User", user) }, errors: readErrors },
};

const exampleErrors: Partial<Record<RefusalName, AppError>> = {
  INVALID: new AppError("INVALID", {
    details: { issues: [{ path: ["userId"], code: "invalid_type", params: { expected: "number" } }] },
  }),
  ...conflicts,
};

const errorOf = (name: RefusalName): AppError => exampleErrors[name] ?? new AppError(name as AppErrorCode);

/** OpenAPI 3.1 of the REST endpoints: paths and shapes from the procedures' schemas, completed by `operations`. */
export function openApiDocument(serverUrl: string): OpenAPIObject {
  const document = generateOpenApiDocument(appRouter, {
    title: "Registrations in Bitrix24",
    version: "1.0.0",
    description:
      "Registers people, reads them, keeps their payment in order and sends registrations to Bitrix24. " +
      "Errors have one shape, and their messages follow Accept-Language (en, ru). " +
      `A token has ${callsPerTokenAndMinute} calls a minute, each call of a tRPC batch counted, and a batch has at most ` +
      `${maxBatchCalls}; a body has at most ${maxBodyBytes} bytes and need not say its length in advance.`,
    baseUrl: serverUrl,
    openApiVersion: "3.1.0",
    tags: ["users", "registrations", "bitrix24"],
    defs: { Error: restError },
    securitySchemes: {
      token: { type: "http", scheme: "bearer", description: "An administrator's API token." },
      session: {
        type: "apiKey",
        in: "cookie",
        name: cookieName({ APP_URL: serverUrl }),
        description: "The cookie of a signed-in browser.",
      },
    },
  });
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of ["get", "post"] as const) if (item[method]) complete(item[method], method, serverUrl + path);
  document.paths = { ...document.paths, [eventPath]: { post: eventOperation(serverUrl) } };
  document.components = { ...document.components, responses: errorResponses() };
  return document;
}

function complete(operation: Operation, method: "get" | "post", url: string): void {
  const documented = operations[operation.operationId ?? ""] ?? { answers: {}, errors: [] };
  const { request, query, headers = {}, answers, errors } = documented;
  operation.responses = { ...answers, ...refusals(errors), default: ref("responses", "INTERNAL") };
  const body = operation.requestBody && "content" in operation.requestBody ? operation.requestBody.content : {};
  if (request && body["application/json"]) body["application/json"].example = request;
  if (operation.parameters?.length === 0) delete operation.parameters;
  Object.assign(operation, {
    "x-codeSamples": [
      { lang: "Shell", label: "curl", source: curl(method, query ? `${url}?${query}` : url, headers, request) },
    ],
  });
}

function curl(
  method: "get" | "post",
  url: string,
  headers: Record<string, string>,
  request: object | undefined,
): string {
  const address = url.replace("{id}", "7");
  // A shell would take the & of a query for its own.
  const lines = ["curl", address.includes("?") ? `"${address}"` : address, `-H "Authorization: Bearer $TOKEN"`];
  for (const [name, value] of Object.entries(headers)) lines.push(`-H "${name}: ${value}"`);
  if (method === "post") lines.push(`-H "Content-Type: application/json"`, `-d '${JSON.stringify(request)}'`);
  return lines.join(" \\\n  ");
}

/** Example of the reason in a rejection before a procedure is called: the limit that was exceeded. */
const exampleReasons: Partial<Record<RefusalName, RefusalReason>> = {
  TOO_LARGE: tooLarge(maxBodyBytes),
  TOO_MANY: tooManyRequests(callsPerTokenAndMinute, 1, 42),
};

const headersOf: Partial<
  Record<RefusalName, Record<string, { description: string; schema: { type: "string" | "integer" } }>>
> = {
  BUSY: { "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } } },
  TOO_MANY: {
    "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
    RateLimit: { description: "Calls that are left, and seconds until all are back.", schema: { type: "string" } },
  },
};

/** By status. A status that has several reasons names each of them, with an example. */
function refusals(names: RefusalName[]): NonNullable<Operation["responses"]> {
  const statuses = [...new Set(names.map((name) => errorOf(name).status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const [name = "INTERNAL", ...more] = names.filter((each) => errorOf(each).status === status);
      return [status, more.length === 0 ? ref("responses", name) : severalReasons([name, ...more])];
    }),
  );
}

function severalReasons(names: RefusalName[]) {
  const bodies = names.map((name) => [name, exampleBody(name)] as const);
  const words = bodies.map(([, { error }]) => [error.message, ...(error.issues ?? []).map((issue) => issue.message)]);
  return {
    description: [...new Set(words.flat())].join(" "),
    content: {
      "application/json": {
        schema: ref("schemas", "Error"),
        examples: Object.fromEntries(bodies.map(([name, value]) => [name, { value }])),
      },
    },
  };
}

function exampleBody(name: RefusalName) {
  const { error } = restErrorBody(errorOf(name), apiErrorTexts.en);
  const reason = exampleReasons[name];
  const issues = reason && [{ path: [], code: reason.code, message: reason.en, params: reason.params }];
  return { error: { ...error, ...(issues ? { issues } : {}) } };
}

function errorResponses() {
  const names = new Set<RefusalName>(["INTERNAL", ...Object.values(operations).flatMap(({ errors }) => errors)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const body = exampleBody(name);
      const headers = headersOf[name];
      return [name, { ...answer(body.error.message, "Error", body), ...(headers ? { headers } : {}) }];
    }),
  );
}
