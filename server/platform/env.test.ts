import { expect, test } from "vitest";
import { envChecks, parseEnv } from "./env";
import { EnvError } from "./env-error";

/** The message of a refused environment. */
function refusal(source: Record<string, string>): string {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return "";
}

test("a blank value counts as unset", () => {
  expect(parseEnv({ PORT: " ", TRUST_PROXY: "", BITRIX24_ASSIGNED_BY_IDS: "" })).toEqual(parseEnv({}));
});

test("days are UTC's where nothing else is said, and else those of a zone by its IANA name", () => {
  expect(parseEnv({}).TIME_ZONE).toBe("UTC");
  expect(parseEnv({ TIME_ZONE: " Asia/Vladivostok " }).TIME_ZONE).toBe("Asia/Vladivostok");
  for (const zone of ["MSK", "+03:00", "Europe/Moskau", "3"])
    expect(refusal({ TIME_ZONE: zone }), zone).toContain("TIME_ZONE: expected the IANA name of a time zone");
});

test("every bad value and everything that is missing is told together", () => {
  const message = refusal({
    NODE_ENV: "production",
    PORT: "abc",
    APP_URL: "example.com",
    ROLE: "webb",
    TRUST_PROXY: "yes",
    BITRIX24_TIMEOUT_MS: "0",
    ADMIN_EMAIL: "admin@example.com",
    SMTP_URL: "smtp://mail.example",
  });
  const names = [...message.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual([
    "ADMIN_PASSWORD",
    "APP_URL",
    "BITRIX24_TIMEOUT_MS",
    "BITRIX24_WEBHOOK_URL",
    "MAIL_FROM",
    "PORT",
    "ROLE",
    "SESSION_SECRET",
    "TRUST_PROXY",
  ]);
});

const plain: [name: string, value: string, words: string][] = [
  ["PORT", "abc", "expected a number"],
  ["PORT", "70000", "expected 65535 or less"],
  ["BITRIX24_PRODUCT_ID", "1.5", "expected a whole number"],
  ["BITRIX24_BURST", "0", "expected 1 or more"],
  ["BITRIX24_REQUESTS_PER_SECOND", "0", "expected more than 0"],
  ["TRUST_PROXY", "true", "expected a number"],
  ["LOG_LEVEL", "INFO", "expected one of: fatal, error, warn, info, debug, trace, silent"],
  ["BITRIX24_ORIGINATOR_ID", "x".repeat(101), "expected 100 characters or fewer"],
];
for (const [name, value, words] of plain) {
  test(`a bad value is told in plain words: ${name}=${value.slice(0, 20)}`, () => {
    expect(refusal({ [name]: value }).split("\n")).toContain(`  ${name}: ${words}`);
  });
}

test("whatever a variable is set to, its name stands before words of our own, and the value nowhere", () => {
  for (const value of ["-7.25", "tr0ub4dor-abc", "1e999", `x${"tr0ub4dor".repeat(2_000)}`, '{"a":["tr0ub4dor"]}']) {
    const message = refusal(Object.fromEntries(Object.keys(envChecks).map((name) => [name, value])));
    expect(message).not.toMatch(/Invalid|Too |NaN|received|Infinity|tr0ub4dor|-7\.25/);
    for (const line of message.split("\n").slice(1)) expect(line).toMatch(/^ {2}[A-Z0-9_]+: \S/);
  }
});

const webhooks: [refused: string, address: string][] = [
  ["no address at all", "s3cret"],
  ["without TLS", "http://portal.example/rest/1/s3cret/"],
  ["without the key", "https://portal.example/rest/1/"],
  ["with a method", "https://portal.example/rest/1/s3cret/profile.json"],
  ["with a query", "https://portal.example/rest/1/s3cret/?auth=1"],
  ["with a password, which fetch refuses", "https://user:s3cret@portal.example/rest/1/s3cret/"],
];
for (const [name, address] of webhooks) {
  test(`a webhook address ${name} is refused without being shown`, () => {
    const message = refusal({ BITRIX24_WEBHOOK_URL: address });
    expect(message).toContain("BITRIX24_WEBHOOK_URL");
    expect(message).not.toContain("s3cret");
  });
}

test("a webhook address may end with a slash or not, and on this machine be without TLS", () => {
  const parse = (address: string) => parseEnv({ BITRIX24_WEBHOOK_URL: address }).BITRIX24_WEBHOOK_URL;
  expect(parse("https://portal.example/rest/1/key")).toBe("https://portal.example/rest/1/key/");
  expect(parse("https://portal.example/rest/1/key/")).toBe("https://portal.example/rest/1/key/");
  expect(parse("http://127.0.0.1:8080/rest/1/key/")).toBe("http://127.0.0.1:8080/rest/1/key/");
});

for (const address of ["localhost:3000", "ftp://site.example", "site.example"]) {
  test(`the public address ${address} is refused, since no browser sends it as an origin`, () => {
    expect(refusal({ APP_URL: address })).toContain("APP_URL");
  });
}

test("of the public address only the origin counts", () => {
  expect(parseEnv({ APP_URL: "https://site.example/start/" }).APP_URL).toBe("https://site.example");
});

const admins: [password: string, why: string][] = [
  ["password", "12 characters"],
  ["k7!pQzw-klm", "12 characters"],
  ["qwertyuiop123", "tried first"],
  ["boss@site.example", "e-mail address"],
  ["x".repeat(201), "200 characters"],
];
for (const [ADMIN_PASSWORD, why] of admins) {
  test(`the first administrator's password is refused without being shown: ${ADMIN_PASSWORD.slice(0, 20)}`, () => {
    const message = refusal({ ADMIN_EMAIL: "boss@site.example", ADMIN_PASSWORD });
    expect(message).toMatch(new RegExp(`ADMIN_PASSWORD: .*${why}`));
    expect(message).not.toContain(ADMIN_PASSWORD);
  });
}

test("a responsible person is a number that the database can hold", () => {
  expect(parseEnv({ BITRIX24_ASSIGNED_BY_IDS: "1, 27" }).BITRIX24_ASSIGNED_BY_IDS).toEqual([1, 27]);
  for (const ids of ["0", "99999999999", "1,,2", "anna"])
    expect(refusal({ BITRIX24_ASSIGNED_BY_IDS: ids })).toContain("BITRIX24_ASSIGNED_BY_IDS");
});

test("confirmation of the e-mail is optional where mail can be sent and off where it cannot", () => {
  const smtp = { SMTP_URL: "smtp://mail.example", MAIL_FROM: "desk@example.com" };
  expect(parseEnv({}).EMAIL_CONFIRMATION).toBe("off");
  expect(parseEnv(smtp).EMAIL_CONFIRMATION).toBe("optional");
  expect(parseEnv({ ...smtp, EMAIL_CONFIRMATION: "off" }).EMAIL_CONFIRMATION).toBe("off");
  expect(refusal({ EMAIL_CONFIRMATION: "always" })).toContain("EMAIL_CONFIRMATION");
});

test("production refuses to require a confirmation that no mail can ask for", () => {
  const production = {
    NODE_ENV: "production",
    EMAIL_CONFIRMATION: "required",
    SESSION_SECRET: "0123456789abcdef0123456789abcdef",
    BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
    APP_URL: "https://site.example",
  };
  expect(refusal(production)).toContain("EMAIL_CONFIRMATION: required needs SMTP_URL");
  expect(refusal({ ...production, SMTP_URL: "smtp://mail.example", MAIL_FROM: "a@example.com" })).toBe("");
});

test("people are not erased as unconfirmed where no mail asks them to confirm", () => {
  const days = { RETAIN_UNCONFIRMED_DAYS: "30" };
  const smtp = { SMTP_URL: "smtp://mail.example", MAIL_FROM: "desk@example.com" };
  const told = "RETAIN_UNCONFIRMED_DAYS: needs SMTP_URL, and EMAIL_CONFIRMATION that is not off";
  expect(refusal(days)).toContain(told);
  expect(refusal({ ...smtp, ...days, EMAIL_CONFIRMATION: "off" })).toContain(told);
  expect(refusal({ ...production, ...days, EMAIL_CONFIRMATION: "optional" })).toContain(told);
  expect(refusal({ ...production, ...smtp, ...days })).toBe("");
  // In development mails are written to the log.
  expect(refusal({ ...days, EMAIL_CONFIRMATION: "optional" })).toBe("");
  expect(refusal({ RETAIN_UNCONFIRMED_DAYS: "0", EMAIL_CONFIRMATION: "off" })).toBe("");
});

const production = {
  NODE_ENV: "production",
  SESSION_SECRET: "kT9wq0Zr7hXv2bLm5nPd8sYf3gJc6aQe",
  BITRIX24_WEBHOOK_URL: "https://portal.example/rest/1/key/",
  APP_URL: "https://site.example",
};

test("hosts inside the network are names or addresses, as they stand in a webhook's address", () => {
  const read = (list: string) => parseEnv({ WEBHOOK_INTERNAL_HOSTS: list }).WEBHOOK_INTERNAL_HOSTS;
  expect(read("127.0.0.1, CRM_bridge ,::1,[fd00::00:1], n8n")).toEqual([
    "127.0.0.1",
    "crm_bridge",
    "::1",
    "fd00::1",
    "n8n",
  ]);
  for (const list of ["http://host", "host:8080", "a b", "host/path", "user@host", "fe80::1%eth0"])
    expect(refusal({ WEBHOOK_INTERNAL_HOSTS: list })).toContain("WEBHOOK_INTERNAL_HOSTS: expected names or addresses");
});

const unsafe: [name: string, change: Record<string, string>, told: string][] = [
  ["a secret of one letter", { SESSION_SECRET: "0".repeat(32) }, "SESSION_SECRET: can be guessed"],
  [
    "a short word as a secret, again and again",
    { SESSION_SECRET: "secret".repeat(6) },
    "SESSION_SECRET: can be guessed",
  ],
  [
    "a good secret that rotates with a bad one",
    { SESSION_SECRET: `${production.SESSION_SECRET},${"ab".repeat(20)}` },
    "SESSION_SECRET: can be guessed",
  ],
  ["a public address without TLS", { APP_URL: "http://front.example" }, "APP_URL: must use https"],
  [
    "a public name that begins like a loopback name",
    { APP_URL: "http://localhost.evil.example" },
    "APP_URL: must use https",
  ],
  ["no public address", { APP_URL: "" }, "APP_URL: required in production"],
  ["an event token that can be guessed", { BITRIX24_EVENT_TOKEN: "x" }, "BITRIX24_EVENT_TOKEN: expected 16"],
  ["a metrics token that can be guessed", { METRICS_TOKEN: "1" }, "METRICS_TOKEN: expected 16"],
  ["a metrics token that no header carries", { METRICS_TOKEN: "жетон-для-показателей" }, "METRICS_TOKEN: expected 16"],
];
for (const [name, change, told] of unsafe) {
  test(`production does not start with ${name}, and does not show it`, () => {
    const message = refusal({ ...production, ...change });
    expect(message).toContain(told);
    for (const value of Object.values(change)) if (value.length > 6) expect(message).not.toContain(value);
  });
}

test("production starts with safe settings, and on this machine without TLS", () => {
  expect(refusal(production)).toBe("");
  for (const APP_URL of ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:80"])
    expect(refusal({ ...production, APP_URL })).toBe("");
  expect(refusal({ ...production, SESSION_SECRET: "a-secret-that-only-these-tests-use" })).toBe("");
  expect(refusal({ ...production, BITRIX24_EVENT_TOKEN: "0123456789abcdef", METRICS_TOKEN: "0123456789abcdef" })).toBe(
    "",
  );
});

test("hosts of the same owner are a list, in any usual spelling", () => {
  expect(parseEnv({ OWN_HOSTS: " WWW.Example.com, .example.net ,*.пример.рф," }).OWN_HOSTS).toEqual([
    "www.example.com",
    "example.net",
    "xn--e1afmkfd.xn--p1ai",
  ]);
  expect(parseEnv({}).OWN_HOSTS).toEqual([]);
  for (const list of ["https://example.com", "example.com/x", "a b"])
    expect(() => parseEnv({ OWN_HOSTS: list })).toThrow("OWN_HOSTS");
});

test("the schema of the database is one that PostgreSQL and the queue leave free", () => {
  const database = (schema: string) => `postgres://site:s3cret@db.example/app?sslmode=require&schema=${schema}`;
  for (const schema of ["crm", "public", "", "My%20CRM", "%D1%81%D1%85%D0%B5%D0%BC%D0%B0", "x".repeat(63)])
    expect(parseEnv({ DATABASE_URL: database(schema) }).DATABASE_URL, schema).toBe(database(schema));
  const refused = ["pg_temp", "PG_crm", "pgboss", "pgboss_crm", "information_schema", "a%00b", "a%22b", "x".repeat(64)];
  for (const schema of [...refused, "%D1%81".repeat(32)]) {
    const message = refusal({ DATABASE_URL: database(schema) });
    expect(message, schema).toContain("DATABASE_URL: expected ?schema=");
    expect(message, schema).not.toContain("s3cret");
  }
});

test("fields for tags of visits are pairs of a tag that is kept and a user field of deals", () => {
  const read = (value: string) => parseEnv({ BITRIX24_MARK_FIELDS: value }).BITRIX24_MARK_FIELDS;
  expect(read("gclid=UF_CRM_GCLID, landing = ufCrm_17 ,")).toEqual([
    { source: "gclid", entity: "deal", field: "UF_CRM_GCLID" },
    { source: "landing", entity: "deal", field: "ufCrm_17" },
  ]);
  expect(read(" ")).toEqual([]);
  for (const value of ["gclid", "gclid=TITLE", "utm_source=UF_CRM_X", "nothing=UF_CRM_X", "gclid=UF_CRM_X=1"])
    expect(() => read(value), value).toThrow("BITRIX24_MARK_FIELDS");
});
