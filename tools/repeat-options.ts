import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { wholeNumber } from "./whole-number";

interface Suite {
  wanted: boolean;
  files: string[];
}

export interface RepeatOptions {
  runs: number;
  /** Loops that keep a processor busy each. */
  busy: number;
  unit: Suite;
  browser: Suite;
  /** The folder of the runners' reports and the table. */
  results: string;
}

export const usage = "Usage: npm run test:repeat -- N [FILE …] [--unit | --browser] [--busy [K]] [--results FOLDER]";

const isSpec = (file: string): boolean => /\.spec\b/.test(file);

/** Throws on what cannot be understood. */
export function readRepeatOptions(given: string[]): RepeatOptions {
  // A bare --busy: parseArgs would take what follows it for its value, or refuse.
  const args = given.map((argument, index) =>
    argument === "--busy" && !/^\d+$/.test(given[index + 1] ?? "") ? `--busy=${availableParallelism()}` : argument,
  );
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      unit: { type: "boolean" },
      browser: { type: "boolean" },
      busy: { type: "string" },
      results: { type: "string", default: "test-results" },
    },
  });
  const [runs = "1", ...files] = positionals;
  const specs = files.filter(isSpec);
  const others = files.filter((file) => !isSpec(file));
  // Without a switch the files say which suites are meant, and without files both are.
  const wanted = (own: boolean | undefined, other: boolean | undefined, named: string[]) =>
    own ?? (!other && (files.length === 0 || named.length > 0));
  return {
    runs: wholeNumber("N", runs, { least: 1 }),
    busy: wholeNumber("--busy", values.busy ?? "0"),
    results: values.results,
    unit: { wanted: wanted(values.unit, values.browser, others), files: others },
    browser: { wanted: wanted(values.browser, values.unit, specs), files: specs },
  };
}
