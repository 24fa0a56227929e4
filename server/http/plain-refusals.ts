import type { ServerBuild } from "@remix-run/node";
import { retryAfterSeconds } from "../database/unavailable";
import type { Env } from "../platform/env";
import { refusalPage, refusals } from "./reply";
import { requestLocale } from "./request-locale";

type Handler = (args: HandlerArgs) => Promise<unknown>;

interface HandlerArgs {
  request: Request;
  context: { isDataRequest?: boolean; services?: { env: Pick<Env, "SITE_NAME"> } };
}

/** What Remix's `data()` makes. */
interface Thrown {
  type: "DataWithResponseInit";
  init: ResponseInit | null;
}

/** What a person reads in place of a file, or of the page to which a form would have led. */
const words: Record<number, { en: string; ru: string }> = {
  400: refusals[400],
  403: { en: "This is for administrators.", ru: "Это доступно только администраторам." },
  404: { en: "There is nothing at this address.", ru: "По этому адресу ничего нет." },
  405: { en: "This address takes forms of our pages only.", ru: "Этот адрес принимает только формы наших страниц." },
  415: { en: "This address takes forms only.", ru: "Этот адрес принимает только формы." },
  429: { en: "Too many requests. Please try again later.", ru: "Слишком много запросов. Попробуйте позже." },
  503: refusals[503],
};

/**
 * Makes routes without a page of their own, such as downloads, answer in words where they throw a status: Remix answers
 * `{"message":"Unexpected Server Error"}`, whatever the status, and drops the headers.
 */
export function withPlainRefusals(build: ServerBuild): ServerBuild {
  const routes = Object.fromEntries(
    Object.entries(build.routes).map(([id, route]) => {
      const {
        default: page,
        loader,
        action,
      } = (route?.module ?? {}) as {
        default?: unknown;
        loader?: Handler;
        action?: Handler;
      };
      if (!route || page !== undefined) return [id, route];
      const module = {
        ...route.module,
        ...(loader ? { loader: inWords(loader) } : {}),
        ...(action ? { action: inWords(action) } : {}),
      };
      return [id, { ...route, module }];
    }),
  );
  return { ...build, routes } as ServerBuild;
}

function inWords(handler: Handler): Handler {
  return async (args) => {
    try {
      return await handler(args);
    } catch (error) {
      // A script that asks for data shows the site's own page about the status.
      if (!isThrownData(error) || args.context.isDataRequest) throw error;
      throw answerTo(error, args);
    }
  };
}

const isThrownData = (error: unknown): error is Thrown =>
  (error as { type?: unknown } | null)?.type === "DataWithResponseInit";

function answerTo({ init }: Thrown, { request, context }: HandlerArgs): Response {
  const status = init?.status ?? 500;
  const headers = new Headers(init?.headers);
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Cache-Control", "no-store");
  if (status === 503) headers.set("Retry-After", String(retryAfterSeconds));
  const siteName = context.services?.env.SITE_NAME;
  const page = refusalPage({ status, words: words[status], locale: requestLocale(request), siteName });
  return new Response(page, { status, headers });
}
