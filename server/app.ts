import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type Express, type RequestHandler, Router } from "express";
import { type AttemptLimit, createAttemptLimit, type PairableLimit } from "./attempts/attempt-limit";
import { isSecure } from "./auth/session-cookie";
import { createTokenGuard, type TokenGuard, unknownTokensPerMinute } from "./auth/token-guard";
import { rememberTouch } from "./http/attribution";
import { bodyLimit, unlessAnswered } from "./http/body-limit";
import { clientAddress, readForwarded } from "./http/client-address";
import { drained } from "./http/drained";
import { embedHeaders } from "./http/embed-headers";
import { logoPicture } from "./http/logo-picture";
import { checkMethod, isData, refuseOldData } from "./http/method";
import { checkHost, checkOrigin } from "./http/origin";
import { withOutages } from "./http/outages";
import { checkPath } from "./http/path";
import { withPlainRefusals } from "./http/plain-refusals";
import { warnOfProxies } from "./http/proxy-warnings";
import { envLocal, refuseErrors } from "./http/reply";
import { requestLog, traceRequest } from "./http/request-log";
import { requestMetrics } from "./http/request-metrics";
import { createGroupedHandler, type RemixOptions } from "./http/route-groups";
import { cspNonce, permissionsPolicy, plainHeaders, securityHeaders } from "./http/security-headers";
import { callsPerTokenAndMinute, limitCalls } from "./http/token-limit";
import type { Services } from "./services";
import { createSignUpWatch, type SignUpWatch } from "./sign-ups/watch";

export interface AppOptions {
  build: ServerBuild | (() => Promise<ServerBuild>);
  services: Services;
  production: boolean;
  /** The client build's folder, or in development Vite's middlewares, which serve the modules and the HMR client. */
  assets: string | RequestHandler;
  /** Whether the database answers and its migrations are applied. */
  isReady: () => Promise<boolean>;
  metrics: RequestHandler;
}

/** What every loader and action receives as `context`. */
export type LoadContext = {
  services: Services;
  cspNonce: string;
  requestId: string;
  clientIp: string;
  /** Whether a script asks, which shows the answer in the page that is open. */
  isDataRequest: boolean;
  /** Resolves when the visitor's connection can take more; for answers that are long. */
  drained: () => Promise<void>;
  limits: {
    register: PairableLimit;
    registerDay: PairableLimit;
    login: AttemptLimit;
    /** By person, and not by address. */
    ownData: AttemptLimit;
    tokens: TokenGuard;
  };
  signUps: SignUpWatch;
};

/** How many minutes' share of registrations an address has in a day: an office or a school behind one address has room. */
const dayShares = 25;

/**
 * How many copies and changes of their own data a person may make in a day: each leaves an entry in the log, which is kept
 * for years, and a copy costs as much as many pages.
 */
const ownDataPerDay = 200;

/** The web server: what must be asked of every request, then Remix. */
export function createApp({ build, services, production, assets, isReady, metrics }: AppOptions): Express {
  const { env, log } = services;
  const secure = isSecure(env);
  const limits = {
    register: createAttemptLimit(services, { name: "register", attempts: env.RATE_LIMIT_REGISTER }),
    login: createAttemptLimit(services, { name: "login", attempts: env.RATE_LIMIT_LOGIN }),
    registerDay: createAttemptLimit(services, {
      name: "register-day",
      attempts: env.RATE_LIMIT_REGISTER * dayShares,
      seconds: 24 * 60 * 60,
    }),
    ownData: createAttemptLimit(services, {
      name: "own-data",
      attempts: env.RATE_LIMIT_LOGIN === 0 ? 0 : ownDataPerDay,
      seconds: 24 * 60 * 60,
    }),
    tokens: createTokenGuard(
      createAttemptLimit(services, {
        name: "token",
        attempts: env.RATE_LIMIT_LOGIN === 0 ? 0 : unknownTokensPerMinute,
      }),
    ),
  };

  const signUps = createSignUpWatch(services);

  const app = express();
  app.disable("x-powered-by");
  app.locals[envLocal] = env;
  app.set("trust proxy", env.TRUST_PROXY ?? false);
  app.use(readForwarded(env.TRUST_PROXY));

  app.get("/healthz", plainHeaders, (_req, res) => void res.type("text").send("ok"));
  app.get("/readyz", plainHeaders, readiness(isReady));
  app.get("/metrics", plainHeaders, metrics);

  app.use(cspNonce, securityHeaders({ production, secure, env }), embedHeaders(env), permissionsPolicy, compression());
  app.use(serveAssets(assets));
  app.use(requestMetrics, requestLog(log), traceRequest, warnOfProxies(services));
  app.use(checkPath, checkMethod, refuseOldData, checkHost, checkOrigin(env.APP_URL), bodyLimit(services));
  app.all("/logo/:digest", logoPicture(services));
  // On every path: a list of those that programs use would have other spellings, such as /%61pi.
  app.use(limitCalls(callsPerTokenAndMinute));
  app.use(rememberTouch({ env, secure }));
  // Not for every method by name: Express would walk through a handler for each of its thirty-four.
  app.use(
    unlessAnswered,
    handleByRemix(build, {
      mode: production ? "production" : "development",
      getLoadContext: (req, res): LoadContext => ({
        services,
        cspNonce: res.locals.cspNonce as string,
        requestId: String(req.id),
        clientIp: clientAddress(req),
        isDataRequest: isData(req.path),
        drained: () => drained(res),
        limits,
        signUps,
      }),
    }),
  );
  app.use(refuseErrors(log));
  return app;
}

/** The routes with what none of them says for itself. */
const complete = (build: ServerBuild): ServerBuild => withPlainRefusals(withOutages(build));

/** In development the build changes with each file that is saved. */
const handleByRemix = (build: AppOptions["build"], options: RemixOptions): RequestHandler =>
  typeof build === "function"
    ? createRequestHandler({ build: async () => complete(await build()), ...options })
    : createGroupedHandler(complete(build), options);

/** Less than any balancer waits. */
const readyWithinMs = 2_000;

/** "Send me requests": unlike /healthz it is false while the database is away, or hangs. */
function readiness(isReady: () => Promise<boolean>): RequestHandler {
  return (_req, res) => {
    void Promise.race([isReady(), sleep(readyWithinMs, false, { ref: false })])
      .catch(() => false)
      .then((ready) =>
        res
          .status(ready ? 200 : 503)
          .type("text")
          .send(ready ? "ready" : "not ready"),
      );
  };
}

function serveAssets(assets: string | RequestHandler): Router {
  const router = Router();
  if (typeof assets !== "string") return router.use(assets);
  // Names under /assets/ carry their content's hash; one that is gone belongs to an earlier release.
  router.use("/assets", express.static(join(assets, "assets"), { immutable: true, maxAge: "1y", index: false }));
  router.use("/assets", (_req, res) => void res.sendStatus(404));
  return router.use(express.static(assets, { maxAge: "1h", index: false }));
}
