import type { z } from "zod";

/** What is wrong with a form that was sent, as codes, and what was typed. */
export interface FormReply {
  /** Problems of the form as a whole. */
  form: string[];
  /** Problems by the names of the fields. */
  fields: Record<string, string[]>;
  /** What was typed, by name; never what must not be shown again. */
  values: Record<string, string>;
  /** Everything that came under a name that came several times, as where several options were chosen. */
  lists: Record<string, string[]>;
}

/** A form's values for a schema: a blank field is absent, as one that was not filled in; a repeated one is a list. */
export function formValues(form: FormData): Record<string, unknown> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name);
      const [value] = values;
      return [name, values.length > 1 ? values : value === "" ? undefined : value];
    }),
  );
}

/** The schema's objections, as a page shows them. `secret`: fields whose values are not shown again. */
export function formReply(form: FormData, error: z.ZodError | undefined, secret: readonly string[] = []): FormReply {
  const reply: FormReply = { form: [], fields: {}, values: {}, lists: {} };
  for (const { path, message } of error?.issues ?? []) {
    const [name] = path;
    if (name === undefined) reply.form = [...new Set([...reply.form, message])];
    else reply.fields[String(name)] = [...new Set([...(reply.fields[String(name)] ?? []), message])];
  }
  for (const [name, value] of form)
    if (typeof value === "string" && !secret.includes(name)) {
      const first = reply.values[name];
      if (first === undefined) reply.values[name] = value;
      else reply.lists[name] = [...(reply.lists[name] ?? [first]), value];
    }
  return reply;
}
