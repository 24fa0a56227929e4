import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { extname, join, parse } from "node:path";
import { root } from "../../tools/run";

/** The last eight characters of an asset's name are made from its content. */
const hashLength = 8;

/**
 * Writes the build into a folder as a later release would be: every asset has another name, the manifest another version,
 * and there is one more migration. As docs/operations.md says, it has the assets of the release before as well.
 */
export function writeNextRelease(folder: string): { migration: string } {
  cpSync(join(root, "build"), folder, { recursive: true });
  const assets = join(folder, "client/assets");
  const renamed = new Map<string, string>();
  for (const name of readdirSync(assets)) {
    const { name: stem, ext } = parse(name);
    const hash = stem.slice(-hashLength);
    renamed.set(name, `${stem.slice(0, -hashLength)}${hash.slice(1)}${hash[0]}${ext}`);
  }
  const version = [...renamed.keys()].flatMap((name) => /^manifest-(\w+)\.js$/.exec(name)?.[1] ?? [])[0] ?? "";
  const withNewNames = (text: string) =>
    text
      .replace(/(?<=["'`/])[\w.$()-]{1,80}\.(?:js|css|woff2|svg|png)\b/g, (name) => renamed.get(name) ?? name)
      .replaceAll(`"${version}"`, `"${version.slice(1)}${version[0]}"`);

  for (const [name, next] of renamed) {
    renameSync(join(assets, name), join(assets, next));
    if ([".js", ".css"].includes(extname(name))) rewrite(join(assets, next), withNewNames);
  }
  for (const name of readdirSync(join(folder, "server")))
    if (extname(name) === ".js") rewrite(join(folder, "server", name), (text) => withNewNames(unbroken(text)));
  cpSync(join(root, "build/client/assets"), assets, { recursive: true });

  const migration = "29991231235959_next_release";
  mkdirSync(join(folder, "prisma/migrations", migration));
  writeFileSync(
    join(folder, "prisma/migrations", migration, "migration.sql"),
    'alter table "User" add column "ofTheNextRelease" text;\n',
  );
  return { migration };
}

/**
 * The bundle breaks long lines, if need be in the middle of a text, where a backslash at the end of a line counts for
 * nothing.
 */
const unbroken = (text: string): string => text.replaceAll("\\\n", "");

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, "utf8")));
}
