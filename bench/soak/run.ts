import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createApiToken } from "../../server/auth/api-tokens";
import { readGiven } from "../../server/cli/usage";
import { makeUser } from "../../server/test/factories";
import { root } from "../../tools/run";
import { readSoakOptions, usage } from "../../tools/soak-options";
import { startBench } from "../bench";
import { ensureBuild } from "../product";
import { startInstallation } from "./installation";
import { isFlawless, reportOf } from "./report";
import { type RoundResult, runRound } from "./round";

/** `npm run soak`: see docs/soak.md, which a whole run writes. */
const options = readGiven(usage, readSoakOptions);
const { registrations, kills, rounds, fresh } = options;
/** One line for each round that is over: an interrupted run goes on after the last of them. */
const lines = join(root, `test-results/soak-${registrations}-${kills}-${rounds}.jsonl`);
const report = options.report ?? join(root, "docs/soak.md");

if (fresh) rmSync(lines, { force: true });
const results = existsSync(lines)
  ? readFileSync(lines, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as RoundResult)
  : [];

if (results.length < rounds) {
  await ensureBuild();
  mkdirSync(dirname(lines), { recursive: true });
  const bench = await startBench();
  try {
    const installation = await startInstallation(bench);
    const { db } = installation.database;
    // Held, so that the portal is told of the people only.
    const { id } = await makeUser(db, { role: "ADMIN", crmState: "HELD", holds: ["review"] });
    const actor = { kind: "USER", id, role: "ADMIN" } as const;
    const { token } = await createApiToken(installation.database, { actor, name: "soak" });
    const count = Math.ceil(registrations / rounds);
    for (let round = results.length + 1; round <= rounds; round++) {
      const from = (round - 1) * count + 1;
      const each = Math.round((kills * round) / rounds) - Math.round((kills * (round - 1)) / rounds);
      const result = await runRound(installation, { round, from, count, kills: each, token });
      results.push(result);
      appendFileSync(lines, `${JSON.stringify(result)}\n`);
      console.error(
        `round ${round} of ${rounds}: ${result.seconds} s, ${result.lost} lost, ${result.twice} twice, ` +
          `${result.disagree + result.wrong} contradictions`,
      );
    }
    await installation.close();
  } finally {
    await bench.stop();
  }
}
writeFileSync(report, reportOf(results));
const flawed = results.filter((result) => !isFlawless(result));
if (flawed.length > 0) console.error(`Flawed rounds: ${flawed.map(({ round }) => round).join(", ")}; see ${report}.`);
process.exit(flawed.length > 0 ? 1 : 0);
