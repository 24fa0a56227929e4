import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { action, loader } from "~/routes/embed.($form)";
import { createAttemptLimit } from "~server/attempts/attempt-limit";
import { openConsents } from "~server/consents/consents";
import { openForms } from "~server/forms/forms";
import { createTestServices, type TestServices } from "~server/test/services";

const APP_URL = "https://desk.example";
const env = { APP_URL, RATE_LIMIT_REGISTER: "2", EMBED_ORIGINS: "https://shop.example.com" };

let tests: TestServices;
let context: AppLoadContext;

beforeAll(async () => {
  tests = await createTestServices(env);
  await tests.db.form.create({ data: { slug: "spring", name: "Spring" } });
  await tests.db.form.create({ data: { slug: "over", name: "Over", closedAt: new Date() } });
  const services = {
    ...tests,
    forms: await openForms(tests, { follow: false }),
    consents: await openConsents(tests, { follow: false }),
  };
  const limit = (name: string, attempts: number) => createAttemptLimit(services, { name, attempts });
  context = {
    services,
    limits: { register: limit("register", 2), registerDay: limit("register-day", 50), login: limit("login", 10) },
    signUps: { state: async () => ({ held: false, unusual: false }), refresh: () => {} },
    clientIp: "203.0.113.5",
    requestId: "test",
  } as unknown as AppLoadContext;
});
afterAll(() => tests.drop());

const args = (
  path: string,
  { form, headers = {}, body }: { form?: string; headers?: object; body?: URLSearchParams } = {},
) => ({
  request: new Request(APP_URL + path, { headers: { ...headers }, ...(body ? { method: "POST", body } : {}) }),
  params: form === undefined ? {} : { form },
  // Each request has its own.
  context: { ...context },
});
const open = (...given: Parameters<typeof args>) => loader(args(...given) as LoaderFunctionArgs);
const send = (...given: Parameters<typeof args>) =>
  action(args(...given) as ActionFunctionArgs) as Promise<{
    data: { outcome?: string; visit?: string; stamp: string };
    init: { status: number; headers: Record<string, string> } | null;
  }>;

test("a form for another site's page asks the database nothing, also of a person whose cookies come with it", async () => {
  const { services } = context;
  const touched: string[] = [];
  const never = new Proxy({}, { get: (_, name) => touched.push(String(name)) && undefined });
  const away = { ...context, services: { ...services, db: never, pool: never } } as unknown as AppLoadContext;
  const loaded = await loader({
    ...args("/embed?utm_source=a", {
      headers: {
        cookie: "session=x.y; __Host-session=x.y; __Host-address=a.b.c",
        referer: "https://shop.example.com/",
      },
    }),
    context: away,
  } as LoaderFunctionArgs);
  expect(touched).toEqual([]);
  expect(loaded.site).toBe("https://shop.example.com");
});

test("each form is shown under its name, in capitals too, and any other name is not found", async () => {
  for (const form of [undefined, "spring", "Spring"])
    expect((await open(`/embed/${form ?? ""}`, { ...(form ? { form } : {}) })).stamp).toBeTruthy();
  for (const form of ["none", "register", "__proto__", ""])
    await expect(open("/embed/x", { form }), form).rejects.toMatchObject({ init: { status: 404 } });
});

test("a closed form is not shown, and takes no registrations", async () => {
  await expect(open("/embed/over", { form: "over" })).rejects.toMatchObject({ init: { status: 410 } });
});

test("attempts count together with those of our own page, and who waits keeps the visit", async () => {
  const { visit } = await open("/embed?utm_source=a", { headers: { referer: "https://shop.example.com/sale" } });
  const body = new URLSearchParams({ _visit: visit, website: "", _stamp: "forged" });
  expect((await send("/embed", { body })).init?.status).toBe(400);
  expect(await context.limits.register("203.0.113.5")).toBeNull();
  const { data, init } = await send("/embed", { body });
  expect(init?.status).toBe(429);
  expect(Number(init?.headers["Retry-After"])).toBeGreaterThan(0);
  expect(data.visit).toBe(visit);
});
