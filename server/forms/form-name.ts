import type { Form } from "./forms";

/** What administrators call a form; `unnamed` for the first one, which needs neither a name nor an address of its own. */
export const formName = ({ name, slug }: Pick<Form, "name" | "slug">, unnamed = ""): string => name || slug || unnamed;
