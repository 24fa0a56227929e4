import { type Fresh, keepFresh } from "../platform/repeat";
import type { Services } from "../services";
import type { FormDefinition } from "./definition";
import { readProducts, type ToldProduct } from "./products";
import { readDefinition } from "./read-definition";

type Deps = Pick<Services, "db" | "log">;

export interface Form {
  id: number;
  /** Null: the first form, at /register. */
  slug: string | null;
  name: string;
  definition: FormDefinition;
  isClosed: boolean;
}

/** The forms of a process, always as they were read last: a page that shows one asks the database nothing. */
export interface Forms extends Fresh {
  /** In the order in which they were made; the first form is the first. */
  all(): Form[];
  first(): Form;
  /**
   * By the present address, else by one that a form had before; undefined if there is no such form. Addresses are read
   * aloud and typed from paper, so capitals are no other address.
   */
  bySlug(slug: string): Form | undefined;
  byId(id: number): Form | undefined;
  /** What the portal last told about a product that a form sells; undefined if it has never been asked for. */
  product(id: number): ToldProduct | undefined;
}

/** The form of /register. People who registered another way, as by import, count as its people. */
export const firstFormId = 1;
const usual: Form = { id: firstFormId, slug: null, name: "", definition: readDefinition({}), isClosed: false };

/** Reads the forms and follows their changes. A stored form that this release cannot read stays as it was read last. */
export async function openForms({ db, log }: Deps, { follow = true } = {}): Promise<Forms> {
  let forms: Form[] = [usual];
  let products = new Map<number, ToldProduct>();
  let former = new Map<string, number>();
  let slugsOfFormer: string | null = null;

  async function read(): Promise<void> {
    products = await readProducts({ db });
    const rows = await db.form.findMany({ orderBy: { id: "asc" } });
    // The history holds whole definitions: it is read only if an address has changed.
    const slugs = JSON.stringify(rows.map(({ id, slug }) => [id, slug]));
    if (slugs !== slugsOfFormer) {
      former = await formerSlugs(db);
      slugsOfFormer = slugs;
    }
    forms = rows.flatMap(({ id, slug, name, definition, closedAt }): Form[] => {
      try {
        return [{ id, slug, name, definition: readDefinition(definition), isClosed: closedAt !== null }];
      } catch {
        log.warn({ formId: id }, "a stored form cannot be read: the form that was read before is used");
        const before = forms.find((form) => form.id === id);
        return before ? [before] : [];
      }
    });
  }

  const fresh = await keepFresh(read, { log, what: "forms", follow });
  const byId = (id: number) => forms.find((form) => form.id === id);
  return {
    all: () => forms,
    first: () => byId(firstFormId) ?? usual,
    bySlug: (typed) => {
      const slug = typed.toLowerCase();
      return forms.find((form) => form.slug === slug) ?? byId(former.get(slug) ?? 0);
    },
    byId,
    product: (id) => products.get(id),
    ...fresh,
  };
}

/** The addresses that forms have had, each with the form that had it last: people still come by old links. */
async function formerSlugs(db: Deps["db"]): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ slug: string; formId: number }[]>`
    select had.slug, c."formId" from "FormChange" c, lateral (values (c.before->>'slug'), (c.after->>'slug')) had(slug)
    where had.slug is not null order by c.id`;
  return new Map(rows.map(({ slug, formId }) => [slug, formId]));
}
