import { setTimeout as sleep } from "node:timers/promises";
import { type Link, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { ExportResultCode, parseTraceParent, setGlobalErrorHandler } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Env } from "./env";
import type { Logger } from "./log";
import type { SpanStart, Tracer } from "./tracing";

/** At the end of a process: a receiver that does not answer must not keep it. */
const flushWithinMs = 2_000;

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/** Traces over OTLP. Address, headers, sampling and limits are read from the standard variables by the library. */
export function createTracer(env: Env, log: Logger): Tracer {
  const exporter = new OTLPTraceExporter();
  tellOfFailures(exporter, log);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": env.OTEL_SERVICE_NAME, "process.role": env.ROLE }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("registration");

  return {
    start(name, { kind = "internal", traces = [], facts = {}, startedAt }: SpanStart) {
      const [parent, ...links] = traces.flatMap((each) => parseTraceParent(each) ?? []);
      const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes: facts,
          links: links.map((linked): Link => ({ context: linked })),
          ...(startedAt !== undefined && { startTime: startedAt }),
        },
        context,
      );
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`,
        note: (more) => void span.setAttributes(more),
        rename: (better) => void span.updateName(better),
        fail: (code) => void span.setAttribute("error.type", code).setStatus({ code: SpanStatusCode.ERROR }),
        end: () => span.end(),
      };
    },
    stop: () => Promise.race([provider.shutdown().catch(() => {}), sleep(flushWithinMs, undefined, { ref: false })]),
  };
}

/** A receiver that is away is told once, not with every batch; the spans meanwhile are dropped. */
function tellOfFailures(exporter: OTLPTraceExporter, log: Logger): void {
  setGlobalErrorHandler(() => {});
  const send = exporter.export.bind(exporter);
  let failing = false;
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      const failed = result.code !== ExportResultCode.SUCCESS;
      if (failed && !failing) log.warn({ err: result.error }, "traces are not taken by OTEL_EXPORTER_OTLP_ENDPOINT");
      if (!failed && failing) log.info("traces are taken again");
      failing = failed;
      done(result);
    });
}
