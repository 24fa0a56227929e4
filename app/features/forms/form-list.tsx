import { Link } from "@remix-run/react";
import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { denseButton, denseCell, denseEntries, denseHead, denseLink, denseRow } from "~/components/ui/dense-list";
import { PostForm } from "~/components/ui/post-form";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";
import { formPath } from "~server/forms/form-path";

export interface ListedForm {
  id: number;
  slug: string | null;
  name: string;
  isClosed: boolean;
  isHeld: boolean;
  /** Who registered by it, where there are several forms. */
  people: { registrations: number; paid: number } | null;
}

const columns = "lg:grid-cols-[minmax(0,5fr)_5.5rem_minmax(0,5fr)_minmax(0,4fr)_17.5rem]";

/** Every form with its address, and what can be done to it. */
export function FormList({ forms }: { forms: ListedForm[] }) {
  const m = useTexts(formsTexts);
  return (
    <Card>
      <div aria-hidden="true" className={`${denseHead} ${columns}`}>
        {[m.columns.name, m.state, m.slug, m.columns.people].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul aria-label={m.list} className={denseEntries}>
        {forms.map((form) => (
          <ListEntry key={form.id} form={form} />
        ))}
      </ul>
      {forms.some(({ people }) => people) ? (
        <p className="border-t border-line px-4 py-3 text-xs text-ink-soft sm:px-5 lg:px-3">{m.counted}</p>
      ) : null}
    </Card>
  );
}

function ListEntry({ form: { id, slug, name: given, isClosed, isHeld, people } }: { form: ListedForm }) {
  const m = useTexts(formsTexts);
  const name = given || slug || m.first;
  const address = formPath(slug);
  const button = { look: "secondary", size: "sm", className: denseButton } as const;
  return (
    <li className={`${denseRow} ${columns}`}>
      <p className="min-w-0 font-medium wrap-anywhere">{name}</p>
      <p className={denseCell}>
        <Badge tone={isClosed ? "plain" : "good"} look="line">
          {isClosed ? m.closed : m.open}
        </Badge>
      </p>
      <p className={denseCell} translate="no">
        <Link to={address} className={denseLink}>
          {address}
        </Link>
      </p>
      <div className={`${denseCell} max-lg:empty:hidden`}>
        {people ? (
          <p>
            <Link to={`/admin/users?form=${id}`} className={denseLink}>
              {m.registered(people.registrations)}
            </Link>
            {` · ${m.paid(people.paid)}`}
          </p>
        ) : null}
        {isHeld ? <p className="font-medium text-bad">{m.held}</p> : null}
      </div>
      <PostForm className="flex flex-wrap gap-x-3 gap-y-2 max-lg:pt-1 lg:justify-end lg:gap-x-2 lg:gap-y-1">
        <ButtonLink to={`/admin/settings/forms/${id}`} {...button} aria-label={m.editOf(name)}>
          {m.edit}
        </ButtonLink>
        <ButtonLink to={`?like=${id}#add`} {...button} aria-label={m.copyOf(name)}>
          {m.copy}
        </ButtonLink>
        <Button
          type="submit"
          {...button}
          name={isClosed ? "open" : "close"}
          value={id}
          aria-label={isClosed ? m.reopenOf(name) : m.closeOf(name)}
        >
          {isClosed ? m.reopen : m.close}
        </Button>
      </PostForm>
    </li>
  );
}
