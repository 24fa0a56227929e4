import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../../test/folders";
import { forgetInstallScript, type Installation, install } from "../../test/installation";
import { isRoot, lendAccount } from "./account";

// Who may do what differs between root and an ordinary user. As an ordinary user, the other tests are those of root's.
const asRoot = test.skipIf(!isRoot());

const root = makeTestFolder();
const fallback = join(root, "fallback");
let installation: Installation;
beforeAll(async () => {
  installation = await install(join(root, "app"));
});
afterAll(() => removeTestFolder(root));

/** Everyone has it, and it is not the first choice of root where there is a "postgres". */
const nobody = () => ({
  uid: Number(execFileSync("id", ["-u", "nobody"])),
  gid: Number(execFileSync("id", ["-g", "nobody"])),
});

/** A folder where anyone may write. */
function makeHome(name: string): string {
  const home = join(root, name);
  mkdirSync(home);
  chmodSync(home, 0o777);
  return home;
}

asRoot("root lends PostgreSQL an ordinary account", async () => {
  const dir = join(root, "lent");
  const launched = installation.launch({ dir: join(dir, "postgres"), fallback });
  await launched.said();

  expect(statSync(join(dir, "postgres/data")).uid).toBe((await lendAccount()).uid);
  expect(statSync(join(dir, "postgres")).uid).toBe(0);
  await launched.stop();
});

asRoot("an ordinary user runs PostgreSQL under their own name", async () => {
  const user = nobody();
  const home = makeHome("home");
  const launched = installation.launch({ dir: join(home, "data/postgres"), fallback }, user);

  expect(await launched.said()).toMatchObject({ adopted: false });
  expect(statSync(join(home, "data/postgres/data")).uid).toBe(user.uid);
  expect(await launched.stop()).toBe("stopped");
});

asRoot("a user without an account, whom PostgreSQL refuses, learns of DATABASE_URL", async () => {
  const launched = installation.launch(
    { dir: join(makeHome("numbered"), "postgres"), fallback },
    { uid: 54_321, gid: 54_321 },
  );

  expect((await launched.said()).error).toMatch(/could not make its cluster.*user does not exist.*DATABASE_URL/s);
});

asRoot("root opens a cluster as the user who made it", async () => {
  const user = nobody();
  const dir = join(makeHome("shared-home"), "data");
  const first = installation.launch({ dir: join(dir, "postgres"), fallback }, user);
  const { url } = await first.said();
  await first.stop();

  const second = installation.launch({ dir: join(dir, "postgres"), fallback });
  expect((await second.said()).url).toBe(url);
  await second.stop();

  const third = installation.launch({ dir: join(dir, "postgres"), fallback }, user);
  expect((await third.said()).url).toBe(url);
  await third.stop();
});

asRoot("folders closed to the lent account are no hindrance, and two such checkouts share nothing", async () => {
  const closed = join(root, "closed");
  const here = await install(join(closed, "app"));
  chmodSync(closed, 0o700);
  const elsewhere = join(root, "elsewhere");
  const dirs = [join(closed, "one"), join(closed, "two")];

  const launched = dirs.map((dir) => here.launch({ dir: join(dir, "postgres"), fallback: elsewhere }));
  const urls = await Promise.all(launched.map(async (one) => (await one.said()).url));
  expect(new Set(urls).size).toBe(2);
  expect(dirs.flatMap((dir) => readdirSync(dir))).toEqual([]);
  expect(readdirSync(elsewhere).filter((name) => name.startsWith("binaries-"))).toHaveLength(1);
  for (const one of launched) expect(await one.stop()).toBe("stopped");

  // Once the way is open, the data is still where it was.
  chmodSync(closed, 0o755);
  const again = here.launch({ dir: join(closed, "one/postgres"), fallback: elsewhere });
  expect((await again.said()).url).toBe(urls[0]);
  await again.stop();
});

test("runs after an installation without install scripts", async () => {
  const bare = await install(join(root, "bare"));
  forgetInstallScript(bare);

  const launched = bare.launch({ dir: join(root, "bare-data/postgres"), fallback });
  expect(await launched.said()).toMatchObject({ adopted: false });
  await launched.stop();
});

asRoot("an ordinary user copies the binaries that root installed without install scripts", async () => {
  const bare = await install(join(root, "bare-of-root"));
  forgetInstallScript(bare);
  const home = makeHome("bare-home");

  const launched = bare.launch({ dir: join(home, "postgres"), fallback }, nobody());
  expect(await launched.said()).toMatchObject({ adopted: false });
  expect(readdirSync(home).some((name) => name.startsWith("binaries-"))).toBe(true);
  await launched.stop();
  expect(existsSync(join(home, "postgres/data/postmaster.pid"))).toBe(false);
});
