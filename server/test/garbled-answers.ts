import { readCommands } from "../../e2e/portal/protocol/batch";
import type { Call } from "../../e2e/portal/protocol/call";
import { entityTypes } from "../bitrix24/fields";
import type { Entity } from "../bitrix24/sent-fields";
import type { GatewayHooks } from "./gateway";

/** For a command that its batch answers neither with a result nor with an error. */
export const missing = Symbol("missing");

/** Takes the place of what the portal answered to one command; undefined leaves the answer as it is. */
export type Garble = (command: Call, result: unknown) => unknown;

/** A command as portals and gateways see it. */
export type Asked = Pick<Call, "method" | "params">;

/** Whether a command reads one of these contacts (3) or deals (2) by its id, and no others with it. */
export const reads =
  (entityTypeId: number, ids: readonly number[]) =>
  ({ method, params }: Asked): boolean =>
    method === "crm.item.get" && Number(params.entityTypeId) === entityTypeId && ids.includes(Number(params.id));

/** Whether a command lists a range of contacts or deals in which one of these is. */
export const scans =
  (entityTypeId: number, ids: readonly number[]) =>
  ({ method, params }: Asked): boolean => {
    const filter = (params.filter ?? {}) as Record<string, unknown>;
    const from = Number(filter[">id"]);
    const to = Number(filter["<=id"] ?? Number.POSITIVE_INFINITY);
    return (
      method === "crm.item.list" &&
      Number(params.entityTypeId) === entityTypeId &&
      ">id" in filter &&
      ids.some((id) => from < id && id <= to)
    );
  };

/** Whatever else travels in the same batch keeps its answer. */
function garbleAnswer(garble: Garble, method: string, text: string, body: string): string {
  const params = JSON.parse(body) as Call["params"];
  const answer = JSON.parse(text) as { result?: { result?: Record<string, unknown> } };
  const replace = (command: Call, results: Record<string, unknown> | undefined, key: string) => {
    const instead = results && key in results ? garble(command, results[key]) : undefined;
    if (results && instead === missing) delete results[key];
    else if (results && instead !== undefined) results[key] = instead;
  };
  if (method === "batch")
    for (const command of readCommands(params)) replace(command, answer.result?.result, command.key);
  else replace({ method, params }, answer as Record<string, unknown>, "result");
  return JSON.stringify(answer);
}

/** A gateway that changes the answers to some commands, in a batch or alone. Pages pass. */
export const garbled = (garble: Garble): GatewayHooks => ({
  answer: (method, text, body) => (text.startsWith("<") ? text : garbleAnswer(garble, method, text, body)),
});

type Items = Record<string, unknown>[];

/** Lists of contacts or deals are told otherwise. */
const lists =
  (kind: Entity, otherwise: (items: Items) => Items): Garble =>
  ({ method, params }, result) => {
    const { items } = (result ?? {}) as { items?: Items };
    if (method !== "crm.item.list" || Number(params.entityTypeId) !== entityTypes[kind] || !items) return undefined;
    return { items: otherwise(items) };
  };

/** Lists tell this contact as no contact is. */
export const oddContact = (idOf: () => number): Garble =>
  lists("contact", (items) => items.map((item) => (Number(item.id) === idOf() ? { ...item, fm: "none" } : item)));

/** Lists leave these contacts or deals out. */
export const unlisted = (kind: Entity, idsOf: () => number[]): Garble =>
  lists(kind, (items) => items.filter(({ id }) => !idsOf().includes(Number(id))));
