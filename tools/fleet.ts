import { readGiven } from "../server/cli/usage";
import { runTool } from "./run";

/** `npm run fleet -- 500`: the fleet behind nginx, killed and restarted under load, with so many people. */
const usage = "Usage: npm run fleet [-- PEOPLE [OPTION OF PLAYWRIGHT …]]";
const { people, rest } = readGiven(usage, ([people = "300", ...rest]) => {
  if (!/^[1-9]\d*$/.test(people)) throw new Error(`${people} is no number of people who register.`);
  return { people, rest };
});
const env = { FLEET_PEOPLE: people, BASE_URL: undefined };
process.exit(await runTool("playwright", ["test", "fleet.spec.ts", "--project", "desktop", ...rest], { env }));
