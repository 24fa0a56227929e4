import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consentLimits } from "../consents/consent-limits";
import type { FormDefinition } from "../forms/definition";
import { readDefinition } from "../forms/read-definition";
import { maxImportBytes } from "../import/import-limits";
import { maxLetter } from "../platform/letter-template";
import { maxPictureUpload } from "../platform/picture-limits";
import { bodyLimit } from "./body-limit";

const app = express();
const definitions: FormDefinition[] = [];
const forms = {
  all: () => definitions.map((definition, id) => ({ id, slug: null, name: "", isClosed: false, definition })),
};
app.use(bodyLimit({ forms }), (_req, res) => void res.send("taken"));
let server: Server;
let base = "";

beforeAll(async () => {
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const post = async (path: string, bytes: number) =>
  (await fetch(base + path, { method: "POST", body: new Uint8Array(bytes) })).status;

test("a list of people may be large, as a form and as the page's own call", async () => {
  expect(await post("/admin/import", maxImportBytes)).toBe(200);
  expect(await post("/admin/import.data?_routes=x", maxImportBytes)).toBe(200);
  expect(await post("/admin/import", maxImportBytes + 64 * 1024 + 1)).toBe(413);
});

test("a logo may be as large as is needed to say on its page that it is too large", async () => {
  expect(await post("/admin/settings/logo", maxPictureUpload)).toBe(200);
  expect(await post("/admin/settings/logo.data", maxPictureUpload)).toBe(200);
  expect(await post("/admin/settings/logo", maxPictureUpload + 64 * 1024 + 1)).toBe(413);
});

test("a body above 64 kB is refused everywhere else, however its address is spelt", async () => {
  for (const path of [
    "/register",
    "/admin/settings/site",
    "/admin/settings/logo/",
    "/logo/x",
    "/admin/import/",
    "/admin/importer",
    "/%61dmin/import",
    "/api/x?/admin/import",
  ])
    expect(await post(path, 64 * 1024 + 1)).toBe(413);
});

test("the editor of a form takes fifty questions in two languages", async () => {
  const words = { en: "w".repeat(200), ru: "ж".repeat(200) };
  const one = new URLSearchParams(
    Object.entries(words).flatMap(([name, text]) => [
      [name, text],
      [name, text],
    ]),
  );
  expect(await post("/admin/settings/forms/12", 50 * one.toString().length)).toBe(200);
  for (const path of ["12.data", "12/", "12//", "%312"])
    expect(await post(`/admin/settings/forms/${path}`, 50 * one.toString().length)).toBe(200);
  expect(await post("/Admin/settings/FORMS/12", 50 * one.toString().length)).toBe(200);
  for (const path of ["/admin/settings/forms", "/admin/settings/forms/x", "/admin/settings/forms/1/2"])
    expect(await post(path, 64 * 1024 + 1)).toBe(413);
});

test("a consent's text and the letters are taken at their longest, in letters of two bytes", async () => {
  const longest = (texts: number, characters: number) =>
    new URLSearchParams(Array.from({ length: texts }, (_, i) => [`${i}`, "ж".repeat(characters)])).toString().length;
  for (const path of ["ads", "new.data", "processing/"])
    expect(await post(`/admin/settings/consents/${path}`, longest(2, consentLimits.text))).toBe(200);
  for (const path of ["letters", "letters.data"])
    expect(await post(`/admin/settings/${path}`, longest(6, maxLetter))).toBe(200);
  for (const path of ["/admin/settings/consents", "/admin/settings/consents/a/b", "/admin/settings/deal"])
    expect(await post(path, 64 * 1024 + 1)).toBe(413);
});

test("a registration may be as long as the answers that its form asks for, in letters that take most bytes", async () => {
  const long = (key: string) => ({ question: { key, kind: "long", label: { en: key, ru: "" } } });
  definitions.push(readDefinition({}), readDefinition({ items: ["a", "b", "c", "d"].map(long) }));
  const body = new URLSearchParams(["a", "b", "c", "d"].map((key) => [key, "€".repeat(5_000)])).toString().length;
  for (const path of [
    "/register",
    "/register/other",
    "/register/other.data",
    "/embed/other",
    "/api/registrations",
    "/api/trpc/createRegistration",
  ])
    expect(await post(path, body + 10_000)).toBe(200);
  // As Remix takes them too.
  for (const path of [
    "/Register",
    "/register/",
    "/register/other/",
    "/register/%D0%B4",
    "/%72egister/a%2Fb.data",
    "/register/%zz",
    "/EMBED/other//",
    "/api/registrations/",
    "/API/Registrations",
  ])
    expect(await post(path, body + 10_000)).toBe(200);
  expect(await post("/register/other", body + 64 * 1024 + 1)).toBe(413);
  for (const path of ["/login", "/register/a/b", "/registered", "/register%2Fother", "/api/registrations/1"])
    expect(await post(path, body)).toBe(413);
  definitions.length = 0;
});

test("a form with thousands of options does not let a stranger send without end", async () => {
  const options = Array.from({ length: 5_000 }, (_, index) => ({ value: `${index}`, label: { en: "x", ru: "" } }));
  const question = { key: "sizes", kind: "choices", label: { en: "Sizes", ru: "" }, options };
  definitions.push(readDefinition({ items: [{ question }] }));
  const most = 2 * 1024 * 1024 + 64 * 1024;
  expect(await post("/register", most)).toBe(200);
  expect(await post("/register", most + 1)).toBe(413);
  definitions.length = 0;
});
