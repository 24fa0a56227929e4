import { join } from "node:path";
import express from "express";
import { expect, test } from "vitest";
import { serve } from "../test/serve";
import { embedHeaders } from "./embed-headers";
import { cspNonce, securityHeaders } from "./security-headers";

/** The site's headers on every path, with this list of allowed sites. */
async function ask(path: string, env = { EMBED_ORIGINS: [] as string[] }, method = "GET") {
  const app = express();
  app.use(cspNonce, securityHeaders({ production: true, secure: true, env }), embedHeaders(env));
  app.use(express.static(join(import.meta.dirname, "../../public")));
  app.use((_req, res) => void res.send("page"));
  const { headers } = await fetch(`${await serve(app)}${path}`, { method });
  return {
    ancestors: /frame-ancestors ([^;]*)/.exec(headers.get("content-security-policy") ?? "")?.[1],
    options: headers.get("x-frame-options"),
    resource: headers.get("cross-origin-resource-policy"),
    policy: headers.get("content-security-policy"),
  };
}

const sites = { EMBED_ORIGINS: ["https://shop.example.com", "https://xn--80aairftm.xn--p1ai:8443"] };

for (const path of ["/embed", "/embed/", "/Embed", "/embed/spring", "/embed/spring-2?utm_source=a"])
  for (const method of ["GET", "POST"])
    test(`${method} ${path} may be framed by the allowed sites and by our own pages only`, async () => {
      expect(await ask(path, sites, method)).toMatchObject({
        ancestors: "'self' https://shop.example.com https://xn--80aairftm.xn--p1ai:8443",
        options: null,
      });
      expect(await ask(path, undefined, method)).toMatchObject({ ancestors: "'self'", options: "SAMEORIGIN" });
    });

const others = [
  "/",
  "/register",
  "/account",
  "/admin/users",
  "/embedded",
  "/embed/spring/more",
  "/embed/..%2faccount",
  "/embed/%2e%2e/account",
  "/account/embed",
  "/%65mbed",
  "/embed.data",
  "/embed;a",
  "/account?/embed",
  "/account/?x=/embed",
  "//embed",
];
for (const path of others)
  test(`${path} cannot be framed, whatever sites are allowed`, async () => {
    expect(await ask(path, sites)).toMatchObject({ ancestors: "'none'", options: "DENY", resource: "same-origin" });
  });

test("only who may frame the page differs in the form's policy", async () => {
  const rest = async (path: string) =>
    (await ask(path, sites)).policy?.replace(/frame-ancestors [^;]*/, "").replace(/'nonce-[^']*'/, "");
  expect(await rest("/embed")).toBe(await rest("/register"));
});

test("an administrator's change of the list holds for the next request", async () => {
  const env = { EMBED_ORIGINS: [] as string[] };
  expect((await ask("/embed", env)).ancestors).toBe("'self'");
  env.EMBED_ORIGINS = ["https://shop.example.com"];
  expect((await ask("/embed", env)).ancestors).toBe("'self' https://shop.example.com");
});

test("other sites may load the script that shows the form, and no other file", async () => {
  expect((await ask("/embed.js")).resource).toBe("cross-origin");
  for (const path of ["/favicon.svg", "/robots.txt", "/embed.js.map"])
    expect((await ask(path)).resource).toBe("same-origin");
});
