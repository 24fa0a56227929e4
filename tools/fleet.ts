import { readGiven } from "../server/cli/usage";
import { runTool } from "./run";
import { wholeNumber } from "./whole-number";

/** `npm run fleet -- 500`: the fleet behind nginx, killed and restarted under load, with so many people. */
const usage = "Usage: npm run fleet [-- PEOPLE [OPTION OF PLAYWRIGHT …]]";
const { people, rest } = readGiven(usage, ([people = "300", ...rest]) => ({
  people: wholeNumber("PEOPLE", people, { least: 1 }),
  rest,
}));
const env = { FLEET_PEOPLE: String(people), BASE_URL: undefined };
process.exit(await runTool("playwright", ["test", "fleet.spec.ts", "--project", "desktop", ...rest], { env }));
