import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type ApiApp, makeCast, startApiApp } from "~/test/api-app";
import { documentedConfig, type ProxyName, startProxy, type TestProxy } from "~server/test/proxy";

/** The site behind this proxy, configured as docs/proxies.md says, or by other settings. */
async function startBehind(name: ProxyName, config: string, source: Record<string, string>) {
  let app: ApiApp | undefined;
  const proxy = await startProxy(name, config, async (origin) => {
    app = await startApiApp({ ...source, APP_URL: origin });
    return app.address;
  });
  if (!app) throw new Error("the site was not started");
  return { app, proxy };
}

/** Ended with the running test, also where that fails. */
async function startForTest(name: ProxyName, config: string) {
  const { app, proxy } = await startBehind(name, config, {});
  onTestFinished(async () => {
    await proxy.stop();
    await app.stop();
  });
  return { app, proxy };
}

const json = { "content-type": "application/json" };
const page = { accept: "text/html" };
const warnings = ({ lines }: ApiApp) =>
  lines
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level >= 40)
    .map(({ kind, msg }) => kind ?? msg);

for (const name of ["nginx", "caddy"] as const)
  describe(`behind ${name}, set up as documented,`, () => {
    let app: ApiApp;
    let proxy: TestProxy;
    let cast: Awaited<ReturnType<typeof makeCast>>;

    beforeAll(async () => {
      ({ app, proxy } = await startBehind(name, documentedConfig(name), { TRUST_PROXY: "1" }));
      cast = await makeCast(app.services);
    });
    afterAll(async () => {
      await proxy.stop();
      await app.stop();
    });

    test("visitors keep their addresses, and cannot make one up", async () => {
      const made = { "x-forwarded-for": "198.51.100.7", forwarded: "for=198.51.100.8" };
      const { status } = await proxy.ask(`/api/users/${cast.selfId}`, { headers: { ...cast.headers.token, ...made } });
      expect(status).toBe(200);
      const token = await app.services.db.apiToken.findFirstOrThrow({ where: { lastUsedAt: { not: null } } });
      expect(token.lastUsedAddress).toBe("127.0.0.1");
    });

    test("a change from the site's own page is taken, one from another site is not", async () => {
      const change = (origin: string) =>
        proxy.ask("/api/users/update-payment", {
          method: "POST",
          headers: { ...cast.headers.token, ...json, origin },
          body: JSON.stringify({ userId: cast.selfId, isPaid: true }),
        });
      expect((await change(proxy.origin)).status).toBe(200);
      expect((await change("https://evil.example")).status).toBe(403);
    });

    test("a batch of as many calls as a token has passes in one address", async () => {
      const names = Array(600).fill("getUser").join(",");
      const input = JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, n) => [n, { id: cast.selfId }])));
      const path = `/api/trpc/${names}?batch=1&input=${encodeURIComponent(input)}`;
      const answer = await proxy.ask(path, { headers: await cast.newToken() });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text)).toHaveLength(600);
    });

    test("bodies pass with and without a length, and ours is the word on their size", async () => {
      const send = (body: string | string[]) =>
        proxy.ask("/api/users/update-payment", { method: "POST", headers: { ...cast.headers.token, ...json }, body });
      expect((await send([`{"userId":${cast.selfId},`, `"isPaid":false}`])).status).toBe(200);
      const large = await send(["a".repeat(40_000), "a".repeat(40_000)]);
      expect(large.status).toBe(413);
      expect(JSON.parse(large.text)).toMatchObject({ error: { code: "TOO_LARGE" } });
      const list = await proxy.ask("/admin/import", { method: "POST", body: "a".repeat(5 * 1024 * 1024) });
      // No page is in this build: what matters is that the proxy let the list through.
      expect(list.status).toBe(404);
    });

    test("there is nothing to warn of", async () => {
      await proxy.ask("/", { headers: page });
      const made = { forwarded: "for=198.51.100.8", "x-real-ip": "198.51.100.9" };
      await proxy.ask("/", { headers: { ...page, ...made } });
      for (let n = 0; n < 5; n++) await proxy.ask("/", { headers: { ...page, "user-agent": `Browser ${n}` } });
      expect(warnings(app).filter((kind) => /proxy|https|address|headers/.test(kind))).toEqual([]);
    });
  });

test("nginx, set up as documented, sends visitors without TLS to the same address with it", async () => {
  const { proxy } = await startForTest("nginx", documentedConfig("nginx"));
  const { port } = new URL(proxy.plainOrigin);
  const answer = await fetch(`http://127.0.0.1:${port}/register?form=2`, { redirect: "manual" });
  expect(answer.status).toBe(301);
  expect(answer.headers.get("location")).toBe("https://127.0.0.1/register?form=2");
});

describe("behind an nginx that only passes on,", () => {
  test("the log says that https is not seen and that all visitors are one", async () => {
    const bare = documentedConfig("nginx").replace(/ *proxy_set_header .*\n/g, "");
    const { app, proxy } = await startForTest("nginx", bare);
    for (let n = 0; n < 12; n++) await proxy.ask("/", { headers: { ...page, "user-agent": `Browser ${n}` } });
    expect(warnings(app)).toEqual(["https_not_seen", "one_address"]);
  });

  test("one that forwards addresses to a site that does not know of it is told", async () => {
    const { app, proxy } = await startForTest("nginx", documentedConfig("nginx"));
    await proxy.ask("/", { headers: page });
    expect(warnings(app)).toEqual(["proxy_not_declared"]);
  });
});
