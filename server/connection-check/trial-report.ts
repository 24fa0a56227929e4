import { release } from "node:os";
import type { Env } from "../platform/env";
import type { MethodReport } from "./answer-shapes";
import type { Check } from "./check";

export const trialSteps = ["identity", "check", "registration", "records", "paid", "back", "removal"] as const;
export type TrialStepName = (typeof trialSteps)[number];

export interface TrialStep {
  name: TrialStepName;
  state: "ok" | "failed" | "skipped";
  /** Codes and names of fields: nothing that people typed. */
  notes: string[];
  ms: number;
}

export interface TrialReport {
  steps: TrialStep[];
  checks: Check[];
  methods: MethodReport[];
}

/** True if everything went as expected and nothing was left on the portal. */
export const isTrialGood = ({ steps }: TrialReport): boolean => steps.every(({ state }) => state !== "failed");

/** Codes, ids and stages match this; other facts of a check are left out of the report. */
const harmless = /^[\w.:, +-]{1,80}$/;

/** The report as text that may be shared: no address, no key, no name, and nothing typed by people of the portal. */
export function trialText(report: TrialReport, env: Env, { schema, now }: { schema: string; now: Date }): string {
  const { steps, checks, methods } = report;
  return [
    "Trial registration on a Bitrix24 portal",
    "",
    `result: ${isTrialGood(report) ? "good" : "FAILED"}`,
    `at: ${now.toISOString()}`,
    `release: ${schema}, Node ${process.version}, ${process.platform} ${release()}`,
    `portal: ${portalKind(env)}`,
    ...settingsOf(env),
    "",
    "Steps",
    ...steps.map(({ name, state, notes, ms }) =>
      [`  ${state.padEnd(8)}${name} (${Math.round(ms)} ms)`, ...notes.map((note) => `          ${note}`)].join("\n"),
    ),
    "",
    "Checklist",
    ...checks.map(({ id, state, facts }) => `  ${state.padEnd(5)}${id}${factsOf(facts)}`),
    "",
    "Answers, compared with the documentation",
    ...methods.map(methodText),
    "",
  ].join("\n");
}

function methodText({ method, answers, differences, refused, unknown }: MethodReport): string {
  const verdict = unknown ? "not described" : differences.length > 0 ? "differs" : "as documented";
  return [
    `  ${method}: ${answers}, ${verdict}`,
    ...refused.map((code) => `    refused: ${code}`),
    ...differences.map((difference) => `    ${difference}`),
  ].join("\n");
}

function factsOf(facts: Check["facts"]): string {
  const told = Object.entries(facts).filter(([, value]) => harmless.test(String(value)));
  return told.length > 0 ? `: ${told.map(([name, value]) => `${name} ${value}`).join(", ")}` : "";
}

/** The portal's kind, not its host: the host is often the company's name. */
function portalKind({ BITRIX24_WEBHOOK_URL: url }: Env): string {
  const host = url ? new URL(url).hostname : "";
  const cloud = /\.(bitrix24\.[a-z.]{2,8})$/.exec(host);
  return cloud ? `cloud (${cloud[1]})` : "at an address of its own";
}

const settingsOf = (env: Env): string[] => [
  `product: ${env.BITRIX24_PRODUCT_ID}, price ${env.BITRIX24_PRICE_USD === undefined ? "of the portal" : "set here"}`,
  `funnel: ${env.BITRIX24_CATEGORY_ID}, stage ${env.BITRIX24_STAGE_ID ?? "the first"}, paid stage ${env.BITRIX24_PAID_STAGE_ID ?? "none"}`,
  `responsible persons: ${env.BITRIX24_ASSIGNED_BY_IDS.length}, source ${env.BITRIX24_SOURCE_ID}`,
];
