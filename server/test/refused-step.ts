import type { Pool } from "pg";

/** The database refuses to log steps of one method, as if the process that writes them were killed at that moment. */
export async function refuseStep(pool: Pool, method: string) {
  // A sequence keeps its count although the statement is rolled back.
  await pool.query(`
    create sequence refused_steps minvalue 0 start 0;
    create function refuse_step() returns trigger language plpgsql as $$
      begin perform nextval('refused_steps'); raise exception 'refused by the test'; end $$;
    create trigger refuse_step before insert on "CrmLog"
      for each row when (new.method = '${method}') execute function refuse_step()`);
  return {
    /** Whether one was refused. */
    isRefused: async (): Promise<boolean> =>
      (await pool.query<{ is: boolean }>(`select is_called as is from refused_steps`)).rows[0]?.is === true,
    end: async (): Promise<void> => {
      await pool.query(`drop trigger refuse_step on "CrmLog"`);
    },
  };
}
