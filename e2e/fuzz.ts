import { readdirSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import fc from "fast-check";
import { honeypotField, stampField } from "../server/registration/form-fields";
import { registrationFields } from "../server/registration/registration.schema";
import { appRouter } from "../server/trpc/router";
import { root } from "../tools/run";

/**
 * Requests that no browser sends: every URL and method, with bodies and headers that are almost right, wrong or absurd.
 */
export interface FuzzRequest {
  /** `leaver`: a user whose session this request may end. */
  sender: "guest" | "user" | "leaver" | "admin" | "token";
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** Where a form gets the stamp that the site has signed. */
const stampHere = "STAMP-OF-THE-FORM";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];

/** URLs from the names of the route files, so that a new route is covered at once. */
function paths(userId: number): string[] {
  const names = readdirSync(join(root, "app/routes"))
    .sort()
    .map((file) => file.replace(/\.tsx?$/, ""))
    // A part in brackets may be left out.
    .flatMap((name) => [...new Set([name.replace(/\.\([^)]*\)/g, ""), name.replace(/[()]/g, "")])]);
  const pages = names.map(
    (name) =>
      "/" +
      name
        .replace(/\[\.\]/g, "\0")
        .split(".")
        .filter((part) => !part.startsWith("_"))
        .map((part) => part.replace(/_$/, ""))
        .join("/")
        .replace(/\0/g, ".")
        .replace(/\$id/g, String(userId))
        .replace(/\$\w*/g, "x"),
  );
  const procedures = [...Object.keys(appRouter._def.procedures).sort(), "no.such"];
  return [
    ...pages,
    ...pages.map((page) => `${page === "/" ? "/_root" : page}.data`),
    ...procedures.map((name) => `/api/trpc/${name}`),
    ...["/healthz", "/readyz", "/metrics", "/favicon.svg", "/robots.txt", "/assets/x.js", "/__manifest?p=/login"],
    ...["/%E0%A4%A", "/..%2f..%2fetc/passwd", "//evil.example", "/LOGIN", "/%6cogin", `/${"a".repeat(3_000)}`],
  ];
}

const mad = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("", "0", "-1", "1e400", "2147483648", "null", "true", "[]", "{}", "\0", '\'; drop table "User"; --'),
  fc.constantFrom("<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "%00", "я".repeat(300), "$result[x]"),
);

/** Field names and intents of the pages' forms, read from their source. */
function namesInPages(pattern: RegExp): string[] {
  const files = readdirSync(join(root, "app"), { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const found = files.flatMap((file) =>
    [...readFileSync(join(root, "app", file), "utf8").matchAll(pattern)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].sort();
}

const fieldNames = [
  ...new Set([
    ...namesInPages(/\bname="([\w.]+)"/g),
    ...registrationFields,
    honeypotField,
    stampField,
    "_lang",
    "_work",
  ]),
  ..."email[0] email[4294967294] __proto__ constructor".split(" "),
];
const intents = namesInPages(/\bvalue="(\w+)"|intent === "(\w+)"/g).filter(Boolean);
const form = fc
  .tuple(
    fc.option(fc.constantFrom(...intents), { nil: undefined }),
    fc.array(fc.tuple(fc.constantFrom(...fieldNames), mad), { maxLength: 8 }),
  )
  .map(([intent, fields]) => [...(intent ? [["intent", intent] as const] : []), ...fields] as const)
  .map(urlencoded);

function urlencoded(fields: readonly (readonly [string, string])[]): string {
  return new URLSearchParams(fields.map(([name, value]) => [name, value.toWellFormed()])).toString();
}

/**
 * What the database takes in no text, date or number, in every address and field: it must be refused before it gets into a
 * query. The same in each run, since a random one meets few of these places.
 */
export function unstorable({ origin, userId }: { origin: string; userId: number }): FuzzRequest[] {
  const sender = (path: string) => (/^\/(logout|account)/i.test(path) ? ("leaver" as const) : ("admin" as const));
  const pages = paths(userId).filter((path) => !/[?.]|^\/(api|logout)|[^ -~]/.test(path) && path.length < 100);
  const addresses = pages.flatMap((page) =>
    ["%00", "a%00b", "%ED%A0%80", "99999999999999999999"].map((value) =>
      page.replace(/\/x(?=\/|$)/, `/${value}`).replace(new RegExp(`/${userId}(?=/|$)`), `/${value}`),
    ),
  );
  const asked = ["q", "paid", "source", "form", "from", "to", "before", "after", "log", "run", "added", "list", "like"];
  const queries = pages.flatMap((page) =>
    ["%00", "-271821-04-20T00:00:00Z", "99999999999999999999-99999999999999999999"].map(
      (value) => `${page}?${asked.map((name) => `${name}=${value}`).join("&")}`,
    ),
  );
  const opened = [...new Set([...addresses, ...queries])].map(
    (path): FuzzRequest => ({ sender: sender(path), method: "GET", path, headers: {}, body: null }),
  );
  const fields = ["end", "kind", "version", "up", "retire", "close", "undo", ...fieldNames];
  const posted = pages.flatMap((path) =>
    ["withdraw", "give", "save", "none"].map(
      (intent): FuzzRequest => ({
        sender: sender(path),
        method: "POST",
        path,
        headers: { origin, "content-type": "application/x-www-form-urlencoded" },
        body: urlencoded([["intent", intent], ...fields.map((name) => [name, "\0"] as const)]),
      }),
    ),
  );
  return [...opened, ...posted];
}

/** A registration as the form sends it, or with one value that is absurd, missing or repeated. */
const registration = fc
  .record({
    number: fc.nat({ max: 999_999 }),
    spoilt: fc.option(
      fc.record({
        field: fc.constantFrom(...registrationFields, honeypotField, stampField),
        how: fc.constantFrom("mad", "missing", "twice"),
        value: mad,
      }),
      { freq: 2, nil: undefined },
    ),
  })
  .map(({ number, spoilt }) => {
    const sound: [string, string][] = [
      ["firstName", "Проба"],
      ["lastName", `О'Нил ${number}`],
      ["company", ""],
      ["email", `fuzz-${number}@fuzz.example`],
      ["phone", `+7900${String(number).padStart(7, "0")}`],
      ["password", "correct horse battery"],
      ["consent", "on"],
      [honeypotField, ""],
      [stampField, stampHere],
    ];
    const fields = sound.flatMap(([name, value]): [string, string][] => {
      if (name !== spoilt?.field) return [[name, value]];
      if (spoilt.how === "missing") return [];
      return spoilt.how === "mad"
        ? [[name, spoilt.value]]
        : [
            [name, value],
            [name, spoilt.value],
          ];
    });
    return urlencoded(fields);
  });
const json = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.record({ userId: fc.integer(), isPaid: fc.boolean() }).map((v) => JSON.stringify(v)),
);

const types = [
  "application/x-www-form-urlencoded",
  "application/json",
  "multipart/form-data; boundary=x",
  "text/plain",
  "",
];

const header = fc.constantFrom<[string, string]>(
  ["accept", "text/html"],
  ["accept", "text/event-stream"],
  ["accept-language", "en"],
  ["accept-language", "\u00ff"],
  ["origin", "https://evil.example"],
  ["origin", "null"],
  ["sec-fetch-site", "cross-site"],
  ["x-forwarded-for", "203.0.113.9, x"],
  ["x-forwarded-host", "evil.example"],
  ["range", "bytes=9-1"],
  ["if-none-match", '"x"'],
  ["cookie", "lang=xx; utm_first=%%%; session=a.b"],
  ["x-request-id", 'a","level":60'],
  ["content-encoding", "gzip"],
);

export function requests({ origin, userId }: { origin: string; userId: number }): fc.Arbitrary<FuzzRequest> {
  const sound = registration.map(
    (body): FuzzRequest => ({
      sender: "guest",
      method: "POST",
      path: "/register",
      headers: { connection: "close", origin, "content-type": "application/x-www-form-urlencoded" },
      body,
    }),
  );
  return fc.oneof({ weight: 1, arbitrary: sound }, { weight: 14, arbitrary: anything(origin, userId) });
}

function anything(origin: string, userId: number): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      sender: fc.constantFrom("guest" as const, "user" as const, "admin" as const, "token" as const),
      // Half of them with a browser's headers: otherwise few would pass the first checks.
      method: fc.oneof(fc.constantFrom("GET", "POST"), fc.constantFrom(...methods)),
      path: fc.constantFrom(...paths(userId)),
      query: fc.oneof(
        fc.constant(""),
        fc
          .array(
            fc.tuple(
              fc.constantFrom("q", "paid", "to", "redirectTo", "_data", "index", "input", "mark", "all", "before"),
              mad,
            ),
            { maxLength: 3 },
          )
          .map((pairs) => `?${new URLSearchParams(pairs.map(([name, value]) => [name, value.toWellFormed()]))}`),
      ),
      type: fc.constantFrom(...types),
      body: fc.oneof(form, form, json, mad),
      extra: fc.array(header, { maxLength: 2 }),
      sameOrigin: fc.boolean(),
    })
    .map(({ sender, method, path, query, type, body, extra, sameOrigin }) => {
      const hasBody = !["GET", "HEAD", "OPTIONS", "TRACE"].includes(method);
      const headers: Record<string, string> = { connection: "close", ...(sameOrigin ? { origin } : {}) };
      if (hasBody && type) headers["content-type"] = type;
      Object.assign(headers, Object.fromEntries(extra));
      // The sessions of the user and the administrator are needed until the end.
      const signsOut = hasBody && /^\/(logout|account)/i.test(path);
      return {
        sender: signsOut && (sender === "user" || sender === "admin") ? "leaver" : sender,
        method,
        path: path.includes("?") ? path : path + query,
        headers,
        body: hasBody ? body.toWellFormed() : null,
      };
    });
}

/**
 * Sends requests that fetch would reject; `secret` is the sender's cookies or token, `stamp` goes into the form. A
 * stream that never ends is closed after its first bytes.
 */
export function send(
  origin: string,
  request: FuzzRequest,
  { secret, stamp }: { secret: string; stamp: string },
): Promise<{ status: number; text: string }> {
  const { sender, method, path, headers } = request;
  const body = request.body?.replaceAll(stampHere, encodeURIComponent(stamp)) ?? null;
  const own = sender === "token" ? { authorization: `Bearer ${secret}` } : secret ? { cookie: secret } : {};
  const length = body === null ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const req = httpRequest({ hostname, port, method, path, headers: { ...headers, ...own, ...length } }, (res) => {
      let text = "";
      const done = () => resolve({ status: res.statusCode ?? 0, text });
      res.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (res.headers["content-type"]?.startsWith("text/event-stream")) req.destroy();
      });
      res.on("close", done).on("error", done);
    });
    req.on("error", (error) => resolve({ status: 0, text: String(error) }));
    req.setTimeout(60_000, () => req.destroy(new Error("no answer within a minute")));
    req.end(body ?? undefined);
  });
}
