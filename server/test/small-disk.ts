import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "../database/db";
import { makeTestFolder, removeTestFolder } from "./folders";

/** A disk on which the table of people stands alone, and which can be filled to the last byte. */
export interface SmallDisk {
  /** Whether PostgreSQL really runs out of space. Where nobody may mount a disk, its own error is raised instead. */
  real: boolean;
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** Call it once the database is dropped. */
  remove(maintenance: Db): Promise<void>;
}

const megabytes = 4;

/** Moves the table of people to a disk of its own. */
export async function moveToSmallDisk(db: Db): Promise<SmallDisk> {
  const owner = await ownerOfServer(db);
  const folder = makeTestFolder();
  if (!owner || !mount(folder, owner)) {
    removeTestFolder(folder);
    return simulated(db);
  }
  const place = join(folder, "tables");
  const filler = join(folder, "filler");
  mkdirSync(place);
  run("chown", [`${owner.uid}:${owner.gid}`, place]);
  const name = `small_${process.pid}`;
  await db.$executeRawUnsafe(`create tablespace ${name} location '${place}'`);
  await db.$executeRawUnsafe(`alter table "User" set tablespace ${name}`);
  return {
    real: true,
    fill: async () => {
      // Smaller and smaller pieces, until not even the last page of the disk is free.
      for (const size of [65_536, 4_096, 1]) while (append(filler, size));
    },
    makeRoom: async () => rmSync(filler, { force: true }),
    remove: async (maintenance) => {
      await maintenance.$executeRawUnsafe(`drop tablespace ${name}`);
      run("umount", ["-l", folder]);
      removeTestFolder(folder);
    },
  };
}

function append(file: string, size: number): boolean {
  try {
    writeFileSync(file, Buffer.alloc(size), { flag: "a" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    return false;
  }
}

/** Whose files the server's are; undefined for a server on another machine. */
async function ownerOfServer(db: Db): Promise<{ uid: number; gid: number } | undefined> {
  const [row] = await db.$queryRaw<{ data_directory: string }[]>`show data_directory`;
  return statSync(row?.data_directory ?? "", { throwIfNoEntry: false });
}

const mount = (folder: string, { uid, gid }: { uid: number; gid: number }): boolean =>
  process.platform === "linux" &&
  run("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,uid=${uid},gid=${gid},mode=755`, "tmpfs", folder]);

/** As root, or as an account that may become root without a password, as on the machines of public forges. */
const run = (command: string, args: string[]): boolean =>
  [
    [command, ...args],
    ["sudo", "-n", command, ...args],
  ].some(([program = "", ...rest]) => spawnSync(program, rest, { stdio: "ignore" }).status === 0);

async function simulated(db: Db): Promise<SmallDisk> {
  await db.$executeRaw`
    create function full_disk() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100';
    end $$`;
  return {
    real: false,
    fill: async () => {
      await db.$executeRaw`
        create trigger full_disk before insert or update on "User" for each row execute function full_disk()`;
    },
    makeRoom: async () => {
      await db.$executeRaw`drop trigger full_disk on "User"`;
    },
    remove: async () => {},
  };
}
