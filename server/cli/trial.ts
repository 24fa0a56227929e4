import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AnswerShapes } from "../connection-check/answer-shapes";
import { runTrial } from "../connection-check/trial";
import { isTrialGood, trialText } from "../connection-check/trial-report";
import { prismaFolder } from "../database/migration-files";
import type { Env } from "../platform/env";
import { createLog } from "../platform/log";
import { observedBitrix24, startServices } from "../start";

/** Runs the trial against the configured portal and database, writes the report, and prints the result. */
export async function trialCommand(env: Env, file: string): Promise<boolean> {
  const { services, stop } = await startServices({ ...env, ROLE: "web" }, createLog("error"));
  try {
    const shapes = new AnswerShapes();
    const bitrix24 = observedBitrix24(services, (method, outcome) => shapes.note(method, outcome));
    const report = await runTrial(services, bitrix24, shapes);
    const text = trialText(report, services.env, { schema: await newestMigration(), now: new Date() });
    // Never overwrites an earlier report.
    await writeFile(file, text, { flag: "wx" });
    console.log(text);
    console.log(`Written to ${file}; it holds no personal data and no key.`);
    return isTrialGood(report);
  } finally {
    await stop();
  }
}

/** Identifies the release in the report: each release adds migrations. */
async function newestMigration(): Promise<string> {
  const names = await readdir(join(prismaFolder(), "migrations"));
  return (
    names
      .filter((name) => /^\d/.test(name))
      .sort()
      .at(-1) ?? ""
  );
}
