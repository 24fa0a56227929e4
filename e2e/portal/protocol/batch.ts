import type { Webhook } from "../administration";
import type { World } from "../world";
import { type Call, legacyParameter } from "./call";
import { errorBody, type Reply } from "./envelope";
import { PortalError, systemError } from "./errors";
import { execute, logCall, type RequestTime } from "./execute";
import { keysAsSent, parseQuery } from "./query";
import { type Results, resolveReferences } from "./references";
import { asMap, emptyMap, encodeMap, toBoolean, type Value, type ValueMap } from "./values";

const maxCommands = 50;
const outsideOfBatch = new Set(["batch", "upload", "download"]);

export interface Command extends Call {
  key: string;
}

/** The commands of a batch as they were sent, references not yet replaced. What is no text is skipped without a word. */
export function readCommands(params: ValueMap): Command[] {
  const commands: Command[] = [];
  const sent = asMap(legacyParameter(params, "cmd")) ?? {};
  for (const key of keysAsSent(sent)) {
    const text = sent[key];
    if (typeof text === "string") commands.push({ key, ...readCommand(text) });
  }
  return commands;
}

/** Read like an address: a raw `#` ends it, a raw `+` is a space. */
function readCommand(text: string): Call {
  const [address = ""] = text.split("#", 1);
  const mark = address.indexOf("?");
  const method = (mark < 0 ? address : address.slice(0, mark)).trim().toLowerCase();
  return { method: method.replace(/\.(json|xml)$/, ""), params: parseQuery(mark < 0 ? "" : address.slice(mark + 1)) };
}

/**
 * Runs the commands one after another, without a transaction. With `halt` the first failure ends it, and later commands
 * appear in none of the maps. `refuse` lets a planned fault take a command's place.
 */
export async function runBatch(
  world: World,
  params: ValueMap,
  webhook: Webhook,
  requestTime: RequestTime,
  refuse: (command: Call) => PortalError | undefined,
): Promise<Reply> {
  const outcome: Results = {
    result: emptyMap(),
    error: emptyMap(),
    total: emptyMap(),
    next: emptyMap(),
    time: emptyMap(),
  };
  const halt = toBoolean(legacyParameter(params, "halt"));
  const commands = readCommands(params);
  for (const [index, command] of commands.entries()) {
    const error = await runCommand(world, command, index, webhook, requestTime, outcome, refuse);
    if (error && halt) break;
  }
  return {
    result: {
      result: encode(outcome.result, commands),
      result_error: encode(outcome.error, commands),
      result_total: encode(outcome.total, commands),
      result_next: encode(outcome.next, commands),
      result_time: encode(outcome.time, commands),
    },
  };
}

async function runCommand(
  world: World,
  command: Command,
  index: number,
  webhook: Webhook,
  requestTime: RequestTime,
  outcome: Results,
  refuse: (command: Call) => PortalError | undefined,
): Promise<PortalError | undefined> {
  const { key, method } = command;
  const logged = logCall(world, command, true);
  try {
    if (index >= maxCommands) throw systemError("batchLength", world.settings);
    if (outsideOfBatch.has(method)) throw systemError("batchMethod", world.settings);
    const call = { method, params: resolveReferences(command.params, outcome) };
    const refusal = refuse(call);
    if (refusal) throw refusal;
    const { reply, time } = await execute(world, call, webhook, requestTime, logged);
    outcome.result[key] = reply.result;
    outcome.time[key] = time;
    if (reply.total !== undefined) outcome.total[key] = reply.total;
    if (reply.next !== undefined) outcome.next[key] = reply.next;
    return undefined;
  } catch (error) {
    if (!(error instanceof PortalError)) throw error;
    logged.error = String(error.code);
    // Here, and only here, the missing scope is told without a text.
    const body = errorBody(world, error);
    outcome.error[key] = error.code === "insufficient_scope" ? { ...body, error_description: "" } : body;
    return error;
  }
}

/** In the commands' order, by which PHP tells a list from a map. */
function encode(map: ValueMap, commands: Command[]): Value {
  const entries = commands.map(({ key }): [string, Value | undefined] => [key, map[key]]);
  return encodeMap(new Map(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined)));
}
