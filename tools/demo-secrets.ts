import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface DemoSecrets {
  sessionSecret: string;
  eventToken: string;
  adminPassword: string;
}

/** Made once and kept beside the database: sessions and the administrator's password outlive a restart. */
export function demoSecrets(dataDir: string): DemoSecrets {
  const file = join(dataDir, "demo-secrets.json");
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const random = (bytes: number) => randomBytes(bytes).toString("base64url");
  const secrets = { sessionSecret: random(32), eventToken: random(16), adminPassword: random(9) };
  mkdirSync(dataDir, { recursive: true });
  // In one step: of a full disk or a kill in between an empty file would be left, and no demo would start any more.
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return secrets;
}
