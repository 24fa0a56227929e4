import { type FileHandle, open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { AnswerShapes } from "../connection-check/answer-shapes";
import { runTrial } from "../connection-check/trial";
import { isTrialGood, trialText } from "../connection-check/trial-report";
import { prismaFolder } from "../database/migration-files";
import type { Env } from "../platform/env";
import { createLog } from "../platform/log";
import { observedBitrix24, startForCommand } from "../start";
import { wordsOf } from "./failure";
import { tellWait } from "./wait";

/**
 * Runs the trial against the configured portal and database, writes the report, and prints the result. Without a new
 * file for the report nothing is sent to the portal.
 */
export async function trialCommand(env: Env, file: string): Promise<boolean> {
  const target = await createReport(file);
  if (!target) return false;
  let text = "";
  try {
    const { report, ...told } = await tryOut(env);
    text = told.text;
    console.log(`${text}\nWritten to ${file}; it holds no personal data and no key.`);
    return isTrialGood(report);
  } catch (error) {
    // Not by failWith, which would leave the empty report.
    console.error(`The trial could not be carried out: ${wordsOf(error)}`);
    return false;
  } finally {
    await target.writeFile(text);
    await target.close();
    if (text === "") await unlink(file);
  }
}

/** Never overwrites an earlier report. */
async function createReport(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, "wx");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.error(
      code === "EEXIST"
        ? `${file} exists already. Name another file with --report: an earlier report is not overwritten.`
        : `${file} cannot be written (${code}). Name another file with --report.`,
    );
    return undefined;
  }
}

async function tryOut(env: Env) {
  const { services, stop } = await startForCommand(env, createLog("error"), tellWait);
  try {
    const shapes = new AnswerShapes();
    const bitrix24 = observedBitrix24(services, (method, outcome) => shapes.note(method, outcome));
    const report = await runTrial(services, bitrix24, shapes);
    return { report, text: trialText(report, services.env, { schema: await newestMigration(), now: new Date() }) };
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
