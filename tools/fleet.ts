import { runTool } from "./run";

/** `npm run fleet -- 500`: the fleet behind nginx, killed and restarted under load, with so many people. */
const [people = "300", ...rest] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(people)) {
  console.error("Say how many people register: npm run fleet -- 500");
  process.exit(1);
}
const env = { FLEET_PEOPLE: people, BASE_URL: undefined };
process.exit(await runTool("playwright", ["test", "fleet.spec.ts", "--project", "desktop", ...rest], { env }));
