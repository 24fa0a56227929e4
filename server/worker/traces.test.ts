import { afterEach, expect, onTestFinished, test } from "vitest";
import { parseEnv } from "../platform/env";
import { startTracing } from "../platform/tracing";
import { type CrmHarness, startCrm } from "../test/crm";
import { startReceiver } from "../test/receiver";
import { startSite } from "../test/site";

interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
  links: { traceId: string; spanId: string }[];
  status: { code?: number };
}

const before = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) delete process.env[name];
  Object.assign(process.env, before);
});

/** Traces go to a receiver of this test, by the standard variables; `flush` ends them and returns what has come. */
async function trace(crm: CrmHarness, variables: Record<string, string> = {}) {
  const receiver = await startReceiver((_, response) => void response.writeHead(200).end("{}"));
  onTestFinished(receiver.close);
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: new URL(receiver.url).origin, ...variables };
  Object.assign(process.env, all);
  const end = await startTracing(parseEnv(all), crm.services.log);
  onTestFinished(end);
  return {
    ...receiver,
    async flush(): Promise<ReceivedSpan[]> {
      await end();
      return receiver.received.flatMap(({ body }) =>
        JSON.parse(body).resourceSpans.flatMap((each: { scopeSpans: { spans: ReceivedSpan[] }[] }) =>
          each.scopeSpans.flatMap(({ spans }) => spans),
        ),
      );
    },
  };
}

/** Sends all that waits; the worker has ended its jobs, and with them their spans, when it has stopped. */
async function sendAll(crm: CrmHarness): Promise<void> {
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
  await worker.stop();
}

test("a registration is one trace, from the browser's request through the job to the requests to the portal", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  const receiver = await trace(crm, {
    OTEL_SERVICE_NAME: "the-desk",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20of-the-receiver",
  });
  await site.send("register", "browser-request-1");
  await sendAll(crm);
  const spans = await receiver.flush();

  const [request] = spans.filter(({ name }) => name === "POST /act");
  const named = (name: string) => spans.filter((span) => span.traceId === request?.traceId && span.name === name);
  const [registration] = named("registration");
  const [job] = named("crm-registration");
  expect(registration?.parentSpanId).toBe(request?.spanId);
  expect(job?.parentSpanId).toBe(registration?.spanId);
  const requests = spans.filter(
    ({ name, kind, parentSpanId }) => kind === 3 && parentSpanId === job?.spanId && /^Bitrix24 /.test(name),
  );
  expect(requests.length).toBeGreaterThanOrEqual(3);
  expect(new Set(requests.map(({ traceId }) => traceId))).toEqual(new Set([request?.traceId]));
  expect(named("step crm.item.add").every(({ parentSpanId }) => parentSpanId === job?.spanId)).toBe(true);
  expect(named("step crm.item.add").length).toBeGreaterThanOrEqual(2);
  expect(request?.attributes).toContainEqual({ key: "request.id", value: { stringValue: "browser-request-1" } });
  expect(crm.lines).toContainEqual(expect.objectContaining({ method: "crm.item.add", traceId: request?.traceId }));

  const [message] = receiver.received;
  expect(message?.headers.authorization).toBe("Bearer of-the-receiver");
  expect(message?.body).toContain('{"key":"service.name","value":{"stringValue":"the-desk"}}');
  const sent = receiver.received.map(({ body }) => body).join();
  const { pathname } = new URL(crm.services.env.BITRIX24_WEBHOOK_URL ?? "");
  for (const secret of [pathname, "visitor", "+7999", "7999123450", "Vera", "email="])
    expect(sent).not.toContain(secret);
});

test("people whom one request to the portal carries are linked with it, and each has the steps in the own trace", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  const receiver = await trace(crm);
  for (const _ of [1, 2, 3]) await site.send("register");
  await sendAll(crm);
  const spans = await receiver.flush();
  const traces = spans.filter(({ name }) => name === "POST /act").map(({ traceId }) => traceId);
  expect(new Set(traces).size).toBe(3);
  for (const traceId of traces)
    expect(
      spans.filter((span) => span.traceId === traceId && span.name === "step crm.item.add").length,
    ).toBeGreaterThan(1);
  const batches = spans.filter(({ name, links }) => name === "Bitrix24 batch" && links.length > 0);
  expect(batches).not.toEqual([]);
  for (const { traceId, links } of batches)
    for (const link of links) expect(traces.filter((each) => each !== traceId)).toContain(link.traceId);
});

test("a request to the portal that fails is marked with its code, and the next attempt stands in the same trace", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  const receiver = await trace(crm);
  await site.send("register");
  crm.portal.fail({ kind: "502", times: 1 });
  await sendAll(crm);
  const spans = await receiver.flush();
  const failed = spans.find(({ name, status }) => name.startsWith("Bitrix24 ") && status.code === 2);
  expect(failed?.attributes).toContainEqual({ key: "error.type", value: { stringValue: "HTTP_502" } });
  const jobs = spans.filter(({ name }) => name === "crm-registration");
  expect(jobs.length).toBeGreaterThan(1);
  expect(new Set(jobs.map(({ traceId }) => traceId)).size).toBe(1);
});

test("a receiver that is away holds nobody up and is told of once", async () => {
  const crm = await startCrm();
  const site = await startSite(crm);
  const away = await startReceiver();
  await away.close();
  const receiver = await trace(crm, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${away.port}`,
    OTEL_BSP_SCHEDULE_DELAY: "20",
    OTEL_EXPORTER_OTLP_TIMEOUT: "200",
  });
  const told = () => crm.lines.filter(({ msg }) => String(msg).startsWith("traces are not taken"));
  for (const _ of [1, 2, 3]) await site.send("register");
  await sendAll(crm);
  await expect.poll(told).toHaveLength(1);
  await receiver.flush();
  expect(told()).toHaveLength(1);
});

for (const variables of [
  {},
  { OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" },
  { OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" },
] as Record<string, string>[])
  test(`with ${JSON.stringify(variables)} there are no traces, and jobs keep the id alone`, async () => {
    const crm = await startCrm();
    const site = await startSite(crm);
    const end = await startTracing(parseEnv(variables), crm.services.log);
    await site.send("register", "without-a-trace");
    await end();
    const jobs = await crm.services.pool.query("select data from pgboss.job where name = 'crm-registration'");
    expect(jobs.rows).toEqual([{ data: { userId: expect.any(Number), requestId: "without-a-trace" } }]);
    expect(crm.lines.filter((line) => "traceId" in line)).toEqual([]);
  });
