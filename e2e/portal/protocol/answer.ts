import type { Webhook } from "../administration";
import type { LoggedCall } from "../call-log";
import type { Faults } from "../faults";
import { findMethod } from "../methods/registry";
import type { World } from "../world";
import { runBatch } from "./batch";
import type { Call } from "./call";
import { errorBody, htmlResponse, jsonResponse, successBody, timeOf } from "./envelope";
import { PortalError, systemError } from "./errors";
import { execute, RequestCut, RequestTime } from "./execute";

/** Carries a request out and words what came of it. */
export async function answer(world: World, faults: Faults, call: Call, logged: LoggedCall): Promise<Response> {
  try {
    const refusal = faults.refusal(call);
    if (refusal) throw refusal;
    const webhook = authenticate(world, call);
    if (call.method === "batch") return await answerBatch(world, faults, call, webhook, logged);
    const { reply, time } = await execute(world, call, webhook, new RequestTime(), logged);
    return jsonResponse(successBody(reply, time));
  } catch (error) {
    if (error instanceof RequestCut) return htmlResponse("504 Gateway Time-out", 504);
    if (error instanceof PortalError) return refuse(world, logged, error);
    throw error;
  }
}

export function refuse(world: World, logged: LoggedCall | undefined, error: PortalError): Response {
  if (logged) logged.error = String(error.code);
  return jsonResponse(errorBody(world, error), error.status);
}

async function answerBatch(
  world: World,
  faults: Faults,
  call: Call,
  webhook: Webhook,
  logged: LoggedCall,
): Promise<Response> {
  const requestTime = new RequestTime();
  world.calls.markExecuted(logged, undefined);
  const reply = await runBatch(world, call.params, webhook, requestTime, (command) => faults.commandRefusal(command));
  return jsonResponse(successBody(reply, timeOf(world, requestTime.spent)));
}

/** An unknown method is told before the credentials are looked at. A webhook ends with its owner's dismissal. */
function authenticate(world: World, { method, credentials, params }: Call): Webhook {
  const { settings } = world;
  if (method !== "batch" && !findMethod(world, method)) throw systemError("methodNotFound", settings);
  if (!credentials) throw systemError(params.auth === undefined ? "noAuth" : "invalidToken", settings);
  const webhook = settings.webhooks.find(
    ({ userId, secret }) => userId === credentials.userId && secret === credentials.secret,
  );
  const dismissed = settings.users.some(({ id, active }) => id === credentials.userId && !active);
  if (!webhook || dismissed) throw systemError("badCredentials", settings);
  return webhook;
}
