import { entityNames } from "./crm/fields";
import { type FaultRule, isFaultKind } from "./faults";
import { type MemberKind, readMembers, requireRange } from "./members";
import { isMethod } from "./methods/registry";

const members: Record<keyof FaultRule, MemberKind> = {
  kind: "text",
  method: "text",
  once: "text",
  times: "a number",
  probability: "a number",
  afterMs: "a number",
  match: "text",
  status: "a number",
  executed: "true or false",
  code: "text or a number",
  text: "text",
  location: "a URL",
};

/**
 * A fault that another process plans. What is misspelt would never strike, or would strike every request until the portal ends;
 * what is of another kind would break each of them. @throws TypeError or RangeError in words for the sender
 */
export function readFault(input: unknown): FaultRule {
  const rule = readMembers("A fault", input, members) as FaultRule;
  const { kind, method, once, times, probability, afterMs, match, status } = rule;
  if (!isFaultKind(kind)) throw new TypeError("Unknown kind of fault");
  if (method !== undefined && !isMethod(method)) throw new RangeError(`The portal has no method ${method}`);
  if (once !== undefined && !entityNames.some((name) => name === once) && !isMethod(once))
    throw new RangeError(`once has to be one of: ${entityNames.join(", ")}, or a method, but is ${once}`);
  requireRange("times", times, [1]);
  requireRange("probability", probability, [0, 1]);
  requireRange("afterMs", afterMs, [0]);
  requireRange("status", status, [200, 599]);
  if (match === "") throw new RangeError("match has to be a text that parameters contain");
  return rule;
}
