import { createReadStream } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { systemActor } from "../../audit/actor";
import { siteQuestions } from "../../forms/questions";
import { requireColumns } from "../../import/columns";
import { namedForms } from "../../import/form-names";
import { type ImportFile, type ListFile, openAs, openList, suggested, toReading } from "../../import/import-file";
import { ImportFileError } from "../../import/import-file-error";
import { forecastImport, type ImportCounts, importPeople } from "../../import/import-people";
import { beginImport, getImport, readingOf } from "../../import/import-runs";
import { readRows } from "../../import/rows";
import { readEnv } from "../../platform/env";
import { createLog } from "../../platform/log";
import type { Services } from "../../services";
import { startForCommand } from "../../start";
import { fail, orFail, wordsOf } from "../failure";
import { type ImportOptions, mapColumns, parseOptions, usage } from "../import-options";
import { confirmImport, describeReading } from "../import-preview";
import { fileProblemText } from "../import-words";
import { ProgressLine } from "../progress-line";
import { Refusals } from "../refusals";
import { readGiven } from "../usage";
import { tellWait } from "../wait";

/**
 * `npm run import -- FILE.csv`: registers the people of a list and queues them. Exit code 0 if at least one person of
 * the list is registered in the end, 1 if none is or the import failed, 130 after Ctrl-C.
 */
const options = readGiven(usage, parseOptions);
const { services, stop } = await orFail(startForCommand(readEnv(), createLog("error"), tellWait));
const file = await openFile(options, services);
console.log(describeReading(file));
// Garbled names cannot be recalled from the portal.
if ((file.guessed || file.columns.guessed) && !options.yes && !options.dryRun && !(await confirmImport(file)))
  fail("Nothing was imported. See with --dry-run what would be, and import with --yes if the above is right.");
const interrupt = new AbortController();
// Stops between two chunks, so that the summary is correct. npm and the terminal may both send the signal.
process.on("SIGINT", () => interrupt.abort());

try {
  process.exitCode = await (options.dryRun ? forecast(services) : run(services));
} catch (error) {
  console.error(`The import failed: ${wordsOf(error)}`);
  if (!options.dryRun) console.error("Imported people stay. Run the same command again to continue.");
  process.exitCode = 1;
} finally {
  await stop();
}

async function forecast(services: Services): Promise<number> {
  const progress = new ProgressLine(process.stdout, file.rows);
  const refusals = new Refusals(file.columns.header);
  let seen = 0;
  const { counts, done } = await forecastImport(services, {
    rows: refusals.watch(readRows(file)),
    onProgress: (reached) => {
      seen = reached.nextRow;
      progress.show(reached);
    },
    signal: interrupt.signal,
  });
  progress.end();
  await refusals.end();
  if (!done) {
    console.log(`Stopped after ${seen} of ${file.rows} rows. Nothing was written.`);
    return 130;
  }
  console.log(`Would import ${counts.imported} of ${file.rows}.${others(counts)} Nothing was written.`);
  return exitCode(counts);
}

async function run(services: Services): Promise<number> {
  const { id } = await beginImport(services, { actor: systemActor, file });
  const reading = await readingOf(services, id);
  const isAsBegun = isDeepStrictEqual(reading, toReading(file));
  if (!isAsBegun)
    console.log("This list is already being imported; the import continues with the columns chosen at its start.");
  const asBegun = isAsBegun ? file : await openAs(file.open, reading);
  const progress = new ProgressLine(process.stdout, file.rows);
  const refusals = new Refusals(file.columns.header, options.path);
  const done = await importPeople(services, {
    runId: id,
    rows: refusals.watch(readRows(asBegun)),
    onProgress: (reached) => progress.show(reached),
    signal: interrupt.signal,
  });
  progress.end();
  await refusals.end();
  const counts = await getImport(services, id);
  if (!counts) return fail("The import was discarded in the meantime.");
  if (!done) {
    console.log(`Stopped after ${counts.nextRow} of ${file.rows} rows. Run the same command again to continue.`);
    return 130;
  }
  console.log(
    `Imported ${counts.imported} of ${file.rows}.${others(counts)} Bitrix24 gets them after live registrations.`,
  );
  return exitCode(counts);
}

/** A list that was imported before is no failure. */
function exitCode({ imported, registered }: ImportCounts): number {
  return imported + registered > 0 ? 0 : 1;
}

function others({ registered, duplicates, refused }: ImportCounts): string {
  return [
    registered > 0 ? ` Registered before: ${registered}.` : "",
    duplicates > 0 ? ` Twice in the list: ${duplicates}.` : "",
    refused > 0 ? ` Rejected: ${refused}.` : "",
  ].join("");
}

async function openFile({ path, map, zone }: ImportOptions, { env, forms }: Services): Promise<ImportFile> {
  let list: ListFile | undefined;
  try {
    list = await openList(() => createReadStream(path));
    const columns = mapColumns(suggested(list, [...siteQuestions(forms.all()).values()], namedForms(forms.all())), map);
    if (typeof columns === "string") return fail(columns);
    return { ...list, columns: requireColumns(columns), zone: zone ?? env.TIME_ZONE };
  } catch (error) {
    if (!(error instanceof ImportFileError)) return fail((error as Error).message);
    const columns = list ? ` The columns are: ${list.header.join(", ")}. Say with --map what they are.` : "";
    return fail(`${path}: ${fileProblemText(error)}${columns}`);
  }
}
