import { request } from "node:http";
import { text } from "node:stream/consumers";
import { newPerson, type Person } from "../people";

interface Answer {
  status: number;
  body: string;
}

/** A request on a connection of its own; status 0 where there is no answer. */
export function send(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  form?: URLSearchParams,
): Promise<Answer> {
  return new Promise((resolve) => {
    const failed = () => resolve({ status: 0, body: "" });
    const sent = request(
      {
        host: "127.0.0.1",
        port,
        path,
        agent: false,
        method: form ? "POST" : "GET",
        headers: { ...headers, ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}) },
      },
      (answer) => text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), failed),
    );
    sent.on("error", failed);
    sent.end(form?.toString());
  });
}

const typed = new Set(["firstName", "lastName", "company", "email", "phone", "password", "consent"]);

/** The fields that the page itself puts into its form: the stamp, the language, the field that people leave empty. */
function givenFields(page: string): [string, string][] {
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return [...page.matchAll(/<input\b[^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const name = attribute(tag, "name");
    return name && !typed.has(name) ? [[name, attribute(tag, "value") ?? ""]] : [];
  });
}

/** The assets that a page names. */
export const assetsOf = (page: string): string[] => [...new Set(page.match(/\/assets\/[\w.$-]+\.(?:js|css)/g) ?? [])];

/** Loads the form and sends it, as a browser without scripts; the statuses of both. */
export async function registerOnce(port: number, person: Person): Promise<[page: number, form: number]> {
  const page = await send(port, "/register");
  if (page.status !== 200) return [page.status, 0];
  const form = new URLSearchParams([...givenFields(page.body), ...Object.entries(person), ["consent", "on"]]);
  return [page.status, (await send(port, "/register", {}, form)).status];
}

/** So many people, several at a time, who register as `visit` says. `done` counts those who have. */
export function registerMany(count: number, visit: (person: Person) => Promise<void>) {
  const people = Array.from({ length: count }, newPerson);
  const waiting = [...people];
  const load = { people, done: 0, all: Promise.resolve() };
  const visitor = async () => {
    for (let person = waiting.shift(); person; person = waiting.shift()) {
      await visit(person);
      load.done++;
    }
  };
  load.all = Promise.all(Array.from({ length: 4 }, visitor)).then(() => {});
  return load;
}
