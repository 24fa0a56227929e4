import { availableParallelism, cpus, loadavg } from "node:os";
import type { RoundResult } from "./round";

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** Counts by name over all rounds, the largest first. */
function totals(results: RoundResult[], of: (result: RoundResult) => Record<string, number>): [string, number][] {
  const all: Record<string, number> = {};
  for (const result of results)
    for (const [name, count] of Object.entries(of(result))) all[name] = (all[name] ?? 0) + count;
  return Object.entries(all).sort(([, a], [, b]) => b - a);
}

const table = (head: string[], rows: (string | number)[][]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const meaning: Record<string, string> = { 200: "payment set", 302: "registered", 0: "no answer" };

export const isFlawless = (result: RoundResult): boolean =>
  result.lost + result.twice + result.disagree + result.wrong === 0 &&
  [result.found.users, result.found.contacts, result.found.deals, result.found.rows].every(
    (count) => count === result.found.people,
  );

export function reportOf(results: RoundResult[]): string {
  const registrations = sum(results.map((result) => result.registrations));
  const faults = totals(results, ({ faults }) => faults);
  const kills = totals(results, ({ kills }) => kills);
  const seconds = sum(results.map((result) => result.seconds));
  const count = (of: (result: RoundResult) => number) => sum(results.map(of)).toLocaleString("en");
  return `# The long soak

\`npm run soak\` registers people through the form of a built server while the portal fails in every way, processes are killed
with SIGKILL, the office sets payments and managers move deals. It goes in rounds; after each, when nothing is left to do and
every deal was compared as each night, everybody registered so far is looked up on the portal by e-mail. It ends with 1 if
anyone is lost or there twice, or if payment and stage contradict each other. An interrupted run is continued with the
next round; \`npm run soak -- --fresh\` begins anew. This page is its report.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, Node ${process.versions.node}: one web server, two workers that compete,
PostgreSQL and the stand-in portal on one machine, whose load was ${Math.round(loadavg()[2] ?? 0)} in the last quarter of an hour; ${Math.round(seconds / 60)} minutes.

## Outcome

${table(
  ["", "count"],
  [
    ["registrations", registrations.toLocaleString("en")],
    ["lost", count(({ lost }) => lost)],
    ["twice on the portal", count(({ twice }) => twice)],
    ["payments set here", count(({ payments }) => payments)],
    ["deals moved there by managers", count(({ moves }) => moves)],
    ["payment and stage contradict each other", count(({ disagree }) => disagree)],
    ["payment is not what was done last", count(({ wrong }) => wrong)],
    ["requests of the portal hit by a fault", sum(faults.map(([, times]) => times)).toLocaleString("en")],
    ["SIGKILLs and cuts", sum(kills.map(([, times]) => times))],
    ["processes that ended by themselves, and were started again", count(({ ended }) => ended)],
  ],
)}

## What was killed

\`connections\` are all of the site's and the workers' sessions, ended by the database; \`PostgreSQL\` is one of its processes
killed by SIGKILL, whereupon it ends all the others and recovers from its log.

${table(["victim", "times"], kills)}

## Faults of the portal

${table(["kind", "requests"], faults)}

Each kind that may strike after the work does so in half of the cases. One in ten of the portal's events was lost besides, and
one in ten came twice.

## Answers to visitors

A visitor who gets neither 302 nor, for a payment, 200 sends the same again.

${table(
  ["status", "", "answers"],
  totals(results, ({ answers }) => answers).map(([status, times]) => [
    status,
    meaning[status] ?? "asked to try again",
    times,
  ]),
)}

## Rounds

${table(
  [
    "round",
    "registrations",
    "seconds",
    "kills",
    "users, contacts, deals, rows so far",
    "lost",
    "twice",
    "contradictions",
  ],
  results.map((result) => [
    result.round,
    result.registrations,
    result.seconds,
    sum(Object.values(result.kills)),
    [result.found.users, result.found.contacts, result.found.deals, result.found.rows].join(", "),
    result.lost,
    result.twice,
    result.disagree + result.wrong,
  ]),
)}
`;
}
