import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maxImportBytes } from "../import/import-limits";
import { maxPictureUpload } from "../platform/picture-limits";
import { limitBody } from "./body-limit";

const app = express();
app.use(limitBody, (_req, res) => void res.send("taken"));
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

test("nothing else may, whatever its address looks like", async () => {
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
