import { expect, test } from "vitest";
import { parseEnv } from "./env";
import { EnvError } from "./env-error";

function refusal(source: Record<string, string>): string {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return "";
}

for (const [name, address] of [
  ["DATABASE_URL", "postgres://app:se#cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:se/cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:12#cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:12/cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:se?cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:12?cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:12,3?cret@db.example/app"],
  ["DATABASE_URL", "postgres://app:se@/cret@db.example/app?host=/var/run/postgresql"],
  ["SMTP_URL", "smtps://desk:se#cret@mail.example"],
  ["SMTP_URL", "smtps://desk:12/cret@mail.example"],
  ["SMTP_URL", "smtp://desk:10%cret@mail.example"],
] as const)
  test(`a password in ${name} that is not percent-encoded is told and not shown: ${address}`, () => {
    const message = refusal({ [name]: address, MAIL_FROM: "desk@mail.example" });
    expect(message).toContain(`${name}: cannot be read as an address: percent-encode`);
    expect(message).not.toContain("cret");
  });

test("an address of several database hosts is told for what it is", () => {
  for (const DATABASE_URL of [
    "postgres://app:secret@one:5432,two:5432/app?target_session_attrs=read-write",
    "postgres://app:secret@one,two/app",
    "postgres://one,two/app",
    "postgres:///app?host=one,two&user=app",
  ])
    expect(refusal({ DATABASE_URL }), DATABASE_URL).toContain(
      "DATABASE_URL: names several hosts: name one that leads to the primary",
    );
});

test("addresses of databases and mail servers are taken in each of their spellings", () => {
  for (const DATABASE_URL of [
    "postgres://app:se%23c%2Fret@db.example:5432/app?schema=front",
    "postgresql://app:p@ss:word@db.example/app",
    "postgresql://app:p@ss,word@db.example/app",
    "postgres://app@%2Fvar%2Frun%2Fpostgresql/app",
    "postgres:///app?host=/var/run/postgresql&user=app",
    "postgres://app@/app?host=/var/run/postgresql",
    "postgres://app:se%23cret@/app?host=/var/run/postgresql&schema=front",
    "postgres://app@/app",
    "postgres://app@[::1]/app",
  ])
    expect(parseEnv({ DATABASE_URL }).DATABASE_URL).toBe(DATABASE_URL);
  for (const SMTP_URL of ["smtp://127.0.0.1:1025", "smtps://desk%40mail.example:se%23cret@mail.example/?pool=true"])
    expect(parseEnv({ SMTP_URL, MAIL_FROM: "desk@mail.example" }).SMTP_URL).toBe(SMTP_URL);
});
