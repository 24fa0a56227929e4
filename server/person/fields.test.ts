import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { eachPersonField, personFieldNames } from "./fields";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

for (const name of personFieldNames) {
  test(`people are found by their ${name}`, async () => {
    const { db, pool } = database;
    const value = `FIND-${name}`;
    const { id } = await makeUser(db, { [name]: value });
    const { rows } = await pool.query(`select id from "User" where "searchText" like $1`, [`%${value.toLowerCase()}%`]);
    expect(rows).toEqual([{ id }]);
  });

  test(`the log never shows a person's ${name}`, () => {
    const written: string[] = [];
    const log = createLog("info", { write: (line) => void written.push(line) });
    log.info({ [name]: "secret", user: { ...eachPersonField(() => "secret") } }, "seen");
    expect(written).toHaveLength(1);
    expect(written[0]).not.toContain("secret");
  });
}
