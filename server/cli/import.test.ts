import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { compileFile } from "../test/compile";
import { blocked, createTestDatabase, type TestDatabase } from "../test/database";
import { encode } from "../test/encode";
import { makeTestFolder, removeTestFolder } from "../test/folders";
import { holdShape, saysThatItWaits } from "../test/held-shape";

const folder = makeTestFolder();
const root = resolve(import.meta.dirname, "../..");
const children = new Set<ChildProcess>();
let database: TestDatabase;
let program: string;

beforeAll(async () => {
  program = await compileFile(join(import.meta.dirname, "commands/import.ts"));
  database = await createTestDatabase();
});

afterEach(async () => {
  await database.db.user.deleteMany();
  await database.db.importRun.deleteMany();
  await database.pool.query("delete from pgboss.job");
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  removeTestFolder(folder);
  await database.drop();
});

/** `npm run import -- …` without npm. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "test", PATH: process.env.PATH, DATABASE_URL: database.url, LOG_LEVEL: "error" },
  });
  children.add(child);
  const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
    ([[code, signal], stdout, stderr]) => {
      children.delete(child);
      return { code: code as number | null, signal: signal as string | null, stdout, stderr };
    },
  );
  return { child, ended };
}

function write(name: string, lines: string[], encoding = "utf-8"): string {
  const path = join(folder, name);
  writeFileSync(path, encoding === "utf-8" ? lines.join("\n") : encode(lines.join("\n"), encoding));
  return path;
}

const header = "имя;фамилия;почта;телефон";
const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => `Имя${i};;person${i}@example.com;+7900${1_000_000 + i}`);
const people = () => database.db.user.count();
const jobs = async () => (await database.pool.query("select count(*)::int as n from pgboss.job")).rows[0].n;

/**
 * Lets the import of a crowd come as far as the part with this person, and no further until the returned function is called:
 * however busy the machine is, the command is in the middle then.
 */
async function holdUpAt(email: string): Promise<() => Promise<void>> {
  const holder = await database.pool.connect();
  onTestFinished(() => holder.release(true));
  await holder.query("begin");
  // Who imports the same address waits for what becomes of this row.
  await holder.query(`insert into "User" (email, "firstName", phone) values ($1, 'Анна', '+79001000000')`, [email]);
  return async () => void (await holder.query("rollback"));
}

test("a command that waits for another process says so beside what scripts read of it", async () => {
  const path = write("waiting.csv", [header, ...crowd(1)]);
  const letGo = await holdShape(database.pool);
  const { child, ended } = start(path, "--yes");
  await saysThatItWaits(child);
  await letGo();
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(stdout).toContain("Imported 1 of 1.");
  expect(stdout).not.toContain("{");
});

test("a list is imported, and its refused lines come back as a list to be mended", async () => {
  const path = write("people.csv", [
    header,
    "Анна;О'Нил;anna@example.com;9123456789",
    "Борис;=1+1;no-address;+7912",
    "Аня;;anna@example.com;9123456789",
  ]);
  const rehearsal = await start(path, "--dry-run").ended;
  expect(rehearsal).toMatchObject({ code: 0, stdout: expect.stringContaining("Would import 1 of 3.") });
  expect(rehearsal.stderr).toContain("line 3: E-mail: not an address; Phone: number not recognised");
  expect(await people()).toBe(0);
  expect(existsSync(join(folder, "people.refused.csv"))).toBe(false);

  const done = await start(path).ended;

  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Imported 1 of 3.") });
  expect(done.stdout).toContain("Twice in the list: 1. Rejected: 1.");
  expect(done.stderr).toContain("people.refused.csv");
  expect(await people()).toBe(1);
  expect(await jobs()).toBe(1);
  const [mark, refused] = ["\ufeff", readFileSync(join(folder, "people.refused.csv"), "utf8")];
  expect(refused).toBe(
    `${mark}refused line;refused because;имя;фамилия;почта;телефон\n` +
      `3;"E-mail: not an address; Phone: number not recognised";Борис;'=1+1;no-address;'+7912\n`,
  );

  const mended = join(folder, "people.refused.csv");
  writeFileSync(mended, refused.replace("no-address", "boris@example.com").replace("+7912", "+79123456780"));
  expect(await start(mended).ended).toMatchObject({ code: 0, stdout: expect.stringContaining("Imported 1 of 1.") });
  expect(await database.db.user.findUnique({ where: { email: "boris@example.com" } })).toMatchObject({
    lastName: "=1+1",
    phone: "+79123456780",
  });
});

test("a file of refused lines that is being mended stays when the command is run again", async () => {
  const path = write("again.csv", [header, "Анна;;anna@example.com;9123456789", "Борис;;no-address;9123456780"]);
  expect((await start(path).ended).code).toBe(0);
  const refused = join(folder, "again.refused.csv");
  writeFileSync(refused, readFileSync(refused, "utf8").replace("no-address", "boris@example.com"));

  const again = await start(path).ended;

  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("Registered before: 1. Rejected: 1.") });
  expect(readFileSync(refused, "utf8")).toContain("no-address");
  const [aside = "", ...more] = readdirSync(folder).filter((name) => name.startsWith("again.refused-"));
  expect(more).toEqual([]);
  expect(again.stderr).toContain(`The earlier ${refused} was renamed to ${join(folder, aside)}.`);
  expect(readFileSync(join(folder, aside), "utf8")).toContain("boris@example.com");
});

test("a list beside which no file can be written is imported, and its refused lines are told", async () => {
  // With ".refused" the name is longer than any may be: no account can write it.
  const path = write(`${"n".repeat(245)}.csv`, [header, ...crowd(1), "Борис;;no-address;9123456780"]);
  const { code, stdout, stderr } = await start(path).ended;
  expect(stdout).toContain("Imported 1 of 2. Rejected: 1.");
  expect(stderr).toContain("line 3: E-mail: not an address");
  expect(stderr).toContain("The rejected lines could not be written to");
  expect(stderr).toContain("ENAMETOOLONG");
  expect(stderr).not.toContain("import failed");
  expect(code).toBe(0);
});

test("a command that was killed in the middle imports the rest the next time, and registers no person twice", async () => {
  const path = write("crowd.csv", [header, ...crowd(4_000)]);
  const letGo = await holdUpAt("person1000@example.com");
  const first = start(path);
  await expect.poll(() => blocked(database)).toBe(1);
  first.child.kill("SIGKILL");
  expect((await first.ended).signal).toBe("SIGKILL");
  await letGo();
  expect([await people(), await jobs()]).toEqual([1_000, 1_000]);

  const second = await start(path).ended;

  expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining("Imported 4000 of 4000.") });
  expect(second.stdout).not.toContain("Registered before");
  expect(await people()).toBe(4_000);
  expect(await jobs()).toBe(4_000);
  expect(await database.db.importRun.count()).toBe(1);
});

test("a failure in the middle is told in one sentence, apart from what scripts read, and how to continue", async () => {
  await database.pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if new.email = 'person1000@example.com' then raise exception 'no room for more'; end if;
      return new;
    end $$;
    create trigger refuse before insert on "User" for each row execute function refuse()`);
  onTestFinished(async () => void (await database.pool.query("drop function refuse() cascade")));
  const { code, stdout, stderr } = await start(write("fails.csv", [header, ...crowd(2_000)])).ended;

  expect(code).toBe(1);
  expect(stdout).not.toContain("{");
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(/^The import failed: .*no room for more/),
    "Imported people stay. Run the same command again to continue.",
  ]);
  expect(await people()).toBe(1_000);
});

test("Ctrl-C stops it between two chunks and says how to continue", async () => {
  const path = write("long.csv", [header, ...crowd(4_000)]);
  const letGo = await holdUpAt("person1000@example.com");
  const { child, ended } = start(path);
  await expect.poll(() => blocked(database)).toBe(1);
  child.kill("SIGINT");
  await letGo();
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/Stopped after \d+ of 4000 rows. Run the same command again to continue/);
  expect(await people()).toBe(Number(/Stopped after (\d+)/.exec(stdout)?.[1]));
});

test("Ctrl-C stops a trial run as well", async () => {
  const path = write("trial.csv", [header, ...crowd(4_000)]);
  const client = await database.pool.connect();
  onTestFinished(() => client.release(true));
  await client.query(`begin; lock table "User" in access exclusive mode`);
  const { child, ended } = start(path, "--dry-run");
  let said = "";
  child.stdout.on("data", (piece) => {
    said += piece;
  });
  await expect.poll(() => said).toContain("Columns:");
  await expect.poll(() => blocked(database)).toBe(1);
  child.kill("SIGINT");
  await client.query("commit");
  expect(await ended).toMatchObject({
    code: 130,
    stdout: expect.stringMatching(/Stopped after \d+ of 4000 rows. Nothing was written/),
  });
});

test("if no person could be imported the exit code is 1", async () => {
  const bad = write("bad.csv", [header, "Анна;;no-address;9123456789"]);
  expect((await start(bad).ended).code).toBe(1);
  const nameless = write("nameless.csv", ["a;b;c", "1;2;3"]);
  expect(await start(nameless).ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The first line names no column for: First name, E-mail, Phone."),
  });
  expect(await start(join(folder, "nowhere.csv")).ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("ENOENT"),
  });
  for (const args of [[], [bad, "--fast"], [bad, bad]])
    expect(await start(...args).ended).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
});

test("a list whose encoding was guessed from its letters is imported only after it was confirmed", async () => {
  const lines = [header, "Анна;Иванова;anna@example.com;9123456789", "Борис;Щукин;boris@example.com;9123456780"];
  const path = write("old.csv", lines, "koi8-r");

  expect(await start(path).ended).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("Detected encoding: koi8"),
    stderr: expect.stringContaining("Nothing was imported. See with --dry-run"),
  });
  expect(await people()).toBe(0);
  expect(await start(path, "--dry-run").ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Would import 2 of 2."),
  });
  expect(await people()).toBe(0);

  expect((await start(path, "--yes").ended).code).toBe(0);
  expect(await database.db.user.findUnique({ where: { email: "anna@example.com" } })).toMatchObject({
    firstName: "Анна",
    lastName: "Иванова",
  });
});

test("a list whose letters make no words is refused, whatever is agreed to", async () => {
  const path = join(folder, "noise.csv");
  const noise = Buffer.from([0x9b, 0xf7, 0x85, 0xa4, 0x93, 0xfc, 0x8a, 0xd7]);
  writeFileSync(path, Buffer.concat([Buffer.from("name;email;phone\n"), noise, Buffer.from(";a@example.com;1\n")]));
  expect(await start(path, "--yes").ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The encoding of this file cannot be determined."),
  });
});

test("columns that cannot be told are named, and said by their name or number", async () => {
  const lines = ["Кто;Куда писать;Куда звонить;Когда;Имя", "Ли Анна;anna@example.com;9123456789;01.03.2025 10:30;x"];
  const path = write("strange.csv", lines);
  expect(await start(path).ended).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("Some columns were guessed."),
  });

  const mapping = ["--map", "кто=fullName", "--map", "Куда писать=email", "--map", "3=phone", "--map", "Имя="];
  const times = ["--map", "Когда=registeredAt", "--timezone", "Asia/Vladivostok"];
  const done = await start(path, ...mapping, ...times, "--yes").ended;

  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining("Times are in Asia/Vladivostok.") });
  expect(await database.db.user.findUnique({ where: { email: "anna@example.com" } })).toMatchObject({
    firstName: "Ли",
    lastName: "Анна",
    phone: "+79123456789",
    createdAt: new Date("2025-03-01T00:30:00Z"),
  });
});

test("a column that is missing is told with those that are there", async () => {
  const path = write("short.csv", ["Имя;Заметка;Телефон", "Анна;нет;9123456789"]);
  expect(await start(path).ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no column for: E-mail. The columns are: Имя, Заметка, Телефон."),
  });
});
