import type { Pool } from "pg";
import type { Bitrix24 } from "./bitrix24/bitrix24";
import type { Consents } from "./consents/consents";
import type { Db } from "./database/db";
import type { Forms } from "./forms/forms";
import type { Env } from "./platform/env";
import type { Logger } from "./platform/log";
import type { Mail } from "./platform/mail";
import type { Queue } from "./queue/queue";
import type { Settings } from "./settings/settings";

/**
 * What verbs work with. Made once per process in start.ts and handed down: routes receive it in the load context,
 * procedures in their context, tests make their own. A verb takes the part it needs: Pick<Services, "db" | "queue">.
 */
export interface Services {
  /** With the settings of the database, always as they are now: a value is read where it is needed and never copied. */
  env: Env;
  settings: Settings;
  /** The registration forms, always as they are now. */
  forms: Forms;
  /** What people are asked to agree to, always as it is now. */
  consents: Consents;
  log: Logger;
  pool: Pool;
  db: Db;
  queue: Queue;
  bitrix24: Bitrix24;
  mail: Mail;
}
