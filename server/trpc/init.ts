import { initTRPC } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import type { Actor } from "../audit/actor";
import type { TokenScope } from "../auth/token-scopes";
import type { PaymentOrigin } from "../payments/payments";
import { AppError, isAppError } from "../platform/errors";
import { rpcErrorShape } from "../platform/rpc-error";
import type { Services } from "../services";
import { appErrorOf, toTrpcError } from "./errors";

export interface TrpcContext {
  services: Pick<Services, "db" | "env" | "queue" | "log" | "mail" | "pool" | "forms">;
  /** Null for a guest. The role was read from the database for this request. */
  actor: Actor | null;
  requestId: string;
  /** Which door the call came through; payment history keeps it. */
  origin: Extract<PaymentOrigin, "api" | "trpc">;
  /** The Idempotency-Key header, as it came. */
  idempotencyKey?: string | null;
  /** Several registrations of one batch came with that header. */
  isKeyShared?: boolean;
  /** Whether the person's password was given just now. Left out where no session asks. */
  isConfirmed?: () => Promise<boolean>;
}

const t = initTRPC
  .context<TrpcContext>()
  .meta<OpenApiMeta & { scope?: TokenScope }>()
  .create({
    // Replaced instead of extended: the default shape holds the message, and a stack outside production.
    // tRPC's own code is not kept: an error thrown before a procedure is called has another one for the same reason.
    errorFormatter({ error, shape }) {
      return rpcErrorShape(appErrorOf(error), { path: shape.data.path });
    },
  });

/** The one place where errors become tRPC's; an unexpected error is logged here and leaves as a bare INTERNAL. */
const convertErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  const error = appErrorOf(result.error);
  if (error.status >= 500)
    // With issues it is the request that asks too much, and nothing of ours is broken.
    ctx.services.log[isAppError(error, "BUSY") && error.details?.issues ? "warn" : "error"](
      { err: error.cause ?? error, requestId: ctx.requestId, procedure: path },
      "procedure failed",
    );
  throw toTrpcError(error);
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

export const publicProcedure = t.procedure.use(convertErrors);

/** A token may call what its scopes name; a procedure that names no scope is for people. */
export const userProcedure = publicProcedure.use(({ ctx: { actor }, meta, next }) => {
  if (!actor) throw new AppError("UNAUTHORIZED");
  if (actor.kind === "USER" && actor.mustEnrol)
    throw new AppError("FORBIDDEN", { details: { enrol: "second factor" } });
  const scope = meta?.scope;
  if (actor.kind === "TOKEN" && !(scope && actor.scopes.includes(scope)))
    throw new AppError("FORBIDDEN", scope ? { details: { scope } } : {});
  return next({ ctx: { actor } });
});

export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.actor.role !== "ADMIN") throw new AppError("FORBIDDEN");
  return next();
});

/** An administrator's, or a token's that may read. */
export const readProcedure = adminProcedure.meta({ scope: "read" });

/** For what reaches far: a person has to have given the password just now. A token was made for it, with its permission. */
export const confirmedProcedure = adminProcedure.use(async ({ ctx, next }) => {
  const isAsked = ctx.actor.kind === "USER" && ctx.isConfirmed !== undefined;
  if (isAsked && !(await ctx.isConfirmed?.())) throw new AppError("FORBIDDEN", { details: { confirm: "password" } });
  return next();
});
