import { setTimeout as wait } from "node:timers/promises";
import type { Webhook } from "../administration";
import type { LoggedCall } from "../call-log";
import { denial } from "../methods/guards";
import { isOpenTo, type Method } from "../methods/method";
import { findMethod } from "../methods/registry";
import { isDenied } from "../rights";
import type { World } from "../world";
import { type Call, parameterNames } from "./call";
import { type Reply, timeOf } from "./envelope";
import { PortalError, systemError } from "./errors";
import type { ValueMap } from "./values";

export interface Outcome {
  reply: Reply;
  time: ValueMap;
  seconds: number;
}

/** One request's share of time: what runs past the end of it is cut with whatever was done by then. */
export class RequestTime {
  spent = 0;

  /** @throws RequestCut if the next call would not end in time. */
  spend(world: World, seconds: number): void {
    this.spent += seconds;
    if (this.spent > world.settings.limits.requestSeconds) throw new RequestCut();
  }
}

export class RequestCut extends Error {}

/** A call's entry in the log, made before anything can go wrong with it. */
export function logCall(world: World, { method, params }: Call, inBatch: boolean): LoggedCall {
  const { requests } = world.calls;
  const keys = parameterNames(params);
  return world.calls.add({
    request: requests,
    method,
    at: world.clock.now(),
    keys,
    inBatch,
    executed: false,
    error: "",
  });
}

/** Runs one method, a direct call's or a batch command's, after the checks that come before every method. */
export async function execute(
  world: World,
  call: Call,
  webhook: Webhook,
  requestTime: RequestTime,
  logged: LoggedCall,
): Promise<Outcome> {
  const method = findMethod(world, call.method);
  if (!method) throw systemError("methodNotFound", world.settings);
  if (!isOpenTo(webhook, method)) throw systemError("insufficientScope", world.settings);
  if (isDenied(world, webhook.userId, call.method)) throw denial(world, call.method);
  const credential = `${webhook.userId}/${webhook.secret}`;
  const charged = logged.inBatch && world.settings.switches.batchCharge === "batch" ? "batch" : call.method;
  const limit = world.settings.limits.operatingSeconds;
  if (limit > 0 && world.operating.read(credential, charged, world.clock.now()).seconds >= limit) {
    throw systemError("operating", world.settings);
  }

  const seconds = world.settings.costs[call.method] ?? world.settings.costs["*"] ?? 0;
  requestTime.spend(world, seconds);
  if (world.settings.costDelay > 0) await wait(seconds * world.settings.costDelay * 1000);
  world.operating.charge(credential, charged, seconds, world.clock.now());
  const reply = run(world, method, call, webhook, logged);
  const operating = limit > 0 ? world.operating.read(credential, charged, world.clock.now()) : undefined;
  return { reply, time: timeOf(world, seconds, operating), seconds };
}

function run(world: World, method: Method, call: Call, webhook: Webhook, logged: LoggedCall): Reply {
  try {
    const reply = method.run(world, call.params, webhook);
    world.calls.markExecuted(logged, reply.changed);
    return reply;
  } catch (error) {
    // A refusal by the method is an execution as well; a fault of the stand-in itself is not to be hidden.
    if (error instanceof PortalError) world.calls.markExecuted(logged, undefined);
    throw error;
  }
}
