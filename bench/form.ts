import type { NewPerson } from "./people";

/** The fields that the page itself puts into its form: the stamp, the language, the field that people leave empty. */
export type GivenFields = Record<string, string>;

/** Loads the form as a browser does. */
export async function loadForm(site: string): Promise<GivenFields> {
  const page = await (await fetch(`${site}/register`)).text();
  const inputs = [...page.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  const asked = new Set(["firstName", "lastName", "email", "phone", "password", "consent"]);
  const given = inputs.flatMap((tag): [string, string][] => {
    const name = attribute(tag, "name");
    return name && !asked.has(name) ? [[name, attribute(tag, "value") ?? ""]] : [];
  });
  return Object.fromEntries(given);
}

/** Posts the form; resolves with the status once the answer is read. */
export async function postForm(site: string, given: GivenFields, person: NewPerson): Promise<number> {
  const answer = await fetch(`${site}/register`, {
    method: "POST",
    body: new URLSearchParams({ ...given, ...person, consent: "on" }),
    redirect: "manual",
  });
  await answer.arrayBuffer();
  return answer.status;
}
