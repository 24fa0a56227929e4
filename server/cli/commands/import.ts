import { createReadStream } from "node:fs";
import { parseArgs } from "node:util";
import { systemActor } from "../../audit/actor";
import { type ImportFile, surveyFile } from "../../import/import-file";
import { ImportFileError } from "../../import/import-file-error";
import { forecastImport, type ImportCounts, importPeople } from "../../import/import-people";
import { beginImport, getImport } from "../../import/import-runs";
import { readRows } from "../../import/rows";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import type { Services } from "../../services";
import { startServices } from "../../start";
import { fileProblemText } from "../import-words";
import { ProgressLine } from "../progress-line";
import { Refusals } from "../refusals";

/**
 * `npm run import -- FILE.csv [--dry-run]`: registers the people of a list and queues them. Exit code 0 if somebody of
 * the list is registered in the end, 1 if nobody could be or it broke off, 130 after Ctrl-C.
 */
const { path, dryRun } = readArguments();
const file = await openFile(path);
const interrupt = new AbortController();
// Between two chunks, so that the summary is true; npm and the terminal may both send it.
process.on("SIGINT", () => interrupt.abort());

const { services, stop } = await startServices({ ...readEnv(), ROLE: "web" }, createLog("error"));
try {
  process.exitCode = await (dryRun ? forecast(services) : run(services));
} catch (error) {
  services.log.error({ err: error }, "the import broke off");
  if (!dryRun) console.error("What was imported stays. Run the same command again to go on.");
  process.exitCode = 1;
} finally {
  await stop();
}

async function forecast(services: Services): Promise<number> {
  const progress = new ProgressLine(process.stdout, file.rows);
  const refusals = new Refusals(file.columns.header);
  const { counts } = await forecastImport(services, {
    rows: refusals.watch(readRows(file)),
    onProgress: (reached) => progress.show(reached),
  });
  progress.end();
  await refusals.end();
  console.log(`Would import ${counts.imported} of ${file.rows}.${others(counts)} Nothing was written.`);
  return exitCode(counts);
}

async function run(services: Services): Promise<number> {
  const { id } = await beginImport(services, { actor: systemActor, file });
  const progress = new ProgressLine(process.stdout, file.rows);
  const refusals = new Refusals(file.columns.header, path);
  const done = await importPeople(services, {
    runId: id,
    rows: refusals.watch(readRows(file)),
    onProgress: (reached) => progress.show(reached),
    signal: interrupt.signal,
  });
  progress.end();
  await refusals.end();
  const counts = await getImport(services, id);
  if (!counts) return fail("Somebody has removed the run.");
  if (!done) {
    console.log(`Stopped after ${counts.nextRow} of ${file.rows} rows. Run the same command again to go on.`);
    return 130;
  }
  console.log(
    `Imported ${counts.imported} of ${file.rows}.${others(counts)} Bitrix24 gets them behind live registrations.`,
  );
  return exitCode(counts);
}

/** A list that was imported before is no failure. */
function exitCode({ imported, registered }: ImportCounts): number {
  return imported + registered > 0 ? 0 : 1;
}

function others({ registered, doubled, refused }: ImportCounts): string {
  return [
    registered > 0 ? ` Registered before: ${registered}.` : "",
    doubled > 0 ? ` Twice in the list: ${doubled}.` : "",
    refused > 0 ? ` Refused: ${refused}.` : "",
  ].join("");
}

function readArguments(): { path: string; dryRun: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { "dry-run": { type: "boolean" } } });
    const [path, ...more] = positionals;
    if (path && more.length === 0) return { path, dryRun: values["dry-run"] ?? false };
  } catch {
    // An option that we do not have.
  }
  return fail("Usage: npm run import -- FILE.csv [--dry-run]");
}

async function openFile(path: string): Promise<ImportFile> {
  try {
    return await surveyFile(() => createReadStream(path));
  } catch (error) {
    return fail(error instanceof ImportFileError ? `${path}: ${fileProblemText(error)}` : (error as Error).message);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
