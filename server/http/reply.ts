import type { ErrorRequestHandler, Request, Response } from "express";
import { isDatabaseAway, retryAfterSeconds } from "../database/unavailable";
import type { Env } from "../platform/env";
import { AppError } from "../platform/errors";
import type { Locale } from "../platform/locales";
import type { Logger } from "../platform/log";
import { rpcErrorShape } from "../platform/rpc-error";
import { siteNameIn } from "../platform/site-name";
import { isApi, isTrpc } from "./api-paths";
import { requestLocale } from "./request-locale";

/** Errors that Express answers itself, before Remix handles the request. */
export const refusals = {
  400: { code: "INVALID", en: "The request cannot be read.", ru: "Запрос не удалось прочитать." },
  403: {
    code: "FORBIDDEN",
    en: "The request came from another site and was not carried out. Open our page and try again.",
    ru: "Запрос пришёл с другого сайта и не выполнен. Откройте нашу страницу и попробуйте ещё раз.",
  },
  405: {
    code: "METHOD_NOT_ALLOWED",
    en: "This address does not take that method.",
    ru: "Этот адрес не принимает такой метод.",
  },
  413: { code: "TOO_LARGE", en: "The request is too large.", ru: "Запрос слишком большой." },
  429: {
    code: "TOO_MANY",
    en: "Too many requests. Try again in a minute.",
    ru: "Слишком много запросов. Повторите через минуту.",
  },
  500: {
    code: "INTERNAL",
    en: "Something went wrong on our side. Please try again in a minute.",
    ru: "У нас что-то пошло не так. Попробуйте ещё раз через минуту.",
  },
  503: {
    code: "BUSY",
    en: "Our database is not responding. Try again in a few seconds.",
    ru: "База данных сейчас не отвечает. Попробуйте ещё раз через несколько секунд.",
  },
} as const;

type RefusalStatus = keyof typeof refusals;

/** The language chosen with the switch, else the one the browser prefers. */
const languageOf = (req: Request): Locale =>
  requestLocale({ url: addressOf(req), headers: { get: (name) => req.get(name) ?? null } });

/** A path that begins with two slashes would else be read as another host, and some hosts as none at all. */
const addressOf = ({ url }: Request): string => `http://here.invalid${url.startsWith("/") ? url : "/"}`;

const siteNameOf = (req: Request): string | undefined =>
  (req.app.locals[envLocal] as Pick<Env, "SITE_NAME"> | undefined)?.SITE_NAME;

/** The limit that was exceeded, as numbers for programs and as words for people. */
export interface RefusalReason {
  code: string;
  params: Record<string, number>;
  en: string;
  ru: string;
}

export const tooLarge = (maximum: number): RefusalReason => ({
  code: "too_many_bytes",
  params: { maximum },
  en: `A request has at most ${maximum} bytes.`,
  ru: `В запросе может быть не больше ${maximum} байт.`,
});

export const tooManyCalls = (calls: number, maximum: number): RefusalReason => ({
  code: "too_many_calls",
  params: { calls, maximum },
  en: `A batch has at most ${maximum} calls, this one has ${calls}.`,
  ru: `В пакете может быть не больше ${maximum} вызовов, в этом их ${calls}.`,
});

export const tooManyRequests = (maximum: number, calls: number, retryAfter: number): RefusalReason => ({
  code: "too_many_calls_a_minute",
  params: { calls, maximum, retryAfter },
  en: `A token has ${maximum} calls a minute, each of a batch counted. Wait ${retryAfter}\u00a0s.`,
  ru: `У токена ${maximum} вызовов в минуту, в пакете считается каждый. Подождите ${retryAfter}\u00a0с.`,
});

interface RefusalPage {
  status: number;
  words?: Record<Locale, string> | undefined;
  /** Of the person who reads it. */
  locale: Locale;
  /** The owner's name for the site. */
  siteName: string | null | undefined;
}

/** A page without styles, in both languages, that needs no other file. Its title says what happened. */
export const refusalPage = ({ status, words = refusals[500], locale, siteName }: RefusalPage): string =>
  `<!doctype html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<meta name="color-scheme" content="light dark">` +
  `<title>${words[locale].split(/\.(?: |$)/)[0]} · ${escaped(siteNameIn(locale, siteName))}</title>` +
  `<main><h1>${status}</h1><p lang="ru">${words.ru}</p><p lang="en">${words.en}</p>` +
  `<p><a href="/" lang="ru">На главную</a> · <a href="/" lang="en">Go to the home page</a></p></main></html>`;

const escaped = (text: string): string => text.replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));

/** By which the app gives its environment to what refuses a request: the site's name may change while it runs. */
export const envLocal = "env";

/**
 * Programs get the error body of the interface that they called; people get a page.
 */
export function refuse(req: Request, res: Response, status: RefusalStatus, reason?: RefusalReason): void {
  const { code, ...words } = refusals[status];
  const language = languageOf(req);
  const issues = reason && [{ path: [], code: reason.code, message: reason[language], params: reason.params }];
  res.locals.refused = true;
  res.status(status).set("Cache-Control", "no-store");
  if (isTrpc(req.path)) res.json({ error: rpcErrorShape(new AppError(code, issues ? { details: { issues } } : {})) });
  else if (isApi(req.path)) res.json({ error: { code, message: words[language], ...(issues ? { issues } : {}) } });
  else res.type("html").send(refusalPage({ status, words, locale: language, siteName: siteNameOf(req) }));
}

/**
 * The last handler: an uncaught error is logged in full and answered in general words. It uses the process's log, not
 * the request's, which has no redaction and is missing in handlers before it, such as static files and metrics. That the
 * database is away the pool has logged itself.
 */
export function refuseErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    // Express, its parsers and its static files mark a client's error with a 4xx: an invalid percent code, a range
    // beyond a file's end.
    const status = Number((error as { status?: unknown }).status);
    const isClientFault = status >= 400 && status < 500;
    // A body over the limit was rejected while it was read: the reader's error is a consequence.
    if (res.locals.refused) return;
    const isAway = isDatabaseAway(error);
    if (!isClientFault && !isAway) log.error({ err: error, requestId: req.id }, "request failed");
    if (res.headersSent) next(error);
    else if (isAway) refuse(req, res.set("Retry-After", String(retryAfterSeconds)), 503);
    else if (isClientFault && status !== 400) res.sendStatus(status);
    else refuse(req, res, isClientFault ? 400 : 500);
  };
}
