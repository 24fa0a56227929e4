import { expect, test } from "vitest";
import { openApiDocument } from "~/api/openapi.server";
import { apiOperations } from "./api-reference.server";

const document = openApiDocument("https://site.example");
const operations = apiOperations(document, "en");

const conditions = ["paid", "confirmed", "crm", "source", "form", "from", "to", "sort", "limit", "cursor"];

test("the page has every operation of the document, with all that it takes", () => {
  const taken = operations.map(({ method, path, fields }) => [method, path, fields.map(({ name }) => name)]);
  expect(taken).toEqual([
    ["POST", "/api/bitrix24/create-deal", ["userId"]],
    ["POST", "/api/users/update-payment", ["userId", "isPaid", "expected"]],
    [
      "POST",
      "/api/registrations",
      [
        "Idempotency-Key",
        "firstName",
        "lastName",
        "company",
        "email",
        "phone",
        "password",
        "consent",
        "consents",
        "locale",
        "form",
        "answers",
        "utm",
      ],
    ],
    ["GET", "/api/users/{id}", ["id"]],
    ["GET", "/api/users", conditions],
    ["GET", "/api/users/search", ["q", ...conditions]],
    ["POST", "/api/bitrix24/events", ["event", "data[FIELDS][ID]", "auth[application_token]"]],
  ]);
});

test("no part of an operation is empty, and only what may be left out is optional", () => {
  for (const { summary, curl, answers, fields } of operations) {
    expect(summary).not.toBe("");
    expect(curl).toContain("https://site.example/api/");
    for (const { description, example } of answers) {
      expect(description).not.toBe("");
      expect(JSON.parse(example)).toBeTypeOf("object");
    }
    for (const field of fields)
      expect(field).toMatchObject({
        type: expect.stringMatching(/^(integer|boolean|object|string)( \| (string|null))?$/),
      });
  }
  const optional = operations.flatMap(({ fields }) => fields.filter((field) => !field.isRequired));
  expect(optional.map(({ name }) => name)).toEqual([
    "expected",
    "lastName",
    "company",
    "password",
    "consents",
    "locale",
    "form",
    "answers",
    "utm",
    ...conditions,
    ...conditions,
    // A token and an event suffice where the event is of another kind.
    "data[FIELDS][ID]",
  ]);
});

test("every sentence is said in Russian, too", () => {
  const sentences = apiOperations(document, "ru").flatMap(({ summary, description, fields, answers }) => [
    summary,
    description,
    ...[...fields, ...answers].map((part) => part.description),
  ]);
  for (const sentence of sentences.filter(Boolean)) expect(sentence).toMatch(/^[А-ЯЁ]/);
});

test("an operation that may take longer shows both of its answers", () => {
  expect(operations[0]?.answers.map(({ status }) => status)).toEqual(["200", "202"]);
});
