import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { TextLink } from "~/components/ui/text-link";
import { formsTexts } from "~/features/forms/texts";
import { useTexts } from "~/i18n/locale";

export interface ListedForm {
  id: number;
  slug: string | null;
  name: string;
  isClosed: boolean;
  isHeld: boolean;
  /** Who registered by it, where there are several forms. */
  people: { registrations: number; paid: number } | null;
}

/** Every form with its address, and what can be done to it. */
export function FormList({ forms }: { forms: ListedForm[] }) {
  const m = useTexts(formsTexts);
  return (
    <Card>
      <ul aria-label={m.list} className="divide-y divide-line">
        {forms.map(({ id, slug, name: given, isClosed, isHeld, people }) => {
          const name = given || slug || m.first;
          const address = slug === null ? "/register" : `/register/${slug}`;
          return (
            <li key={id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3 sm:px-5">
              <div className="grid min-w-0 gap-1">
                <p className="flex flex-wrap items-center gap-3 font-medium wrap-anywhere">
                  {name}
                  <Badge tone={isClosed ? "plain" : "good"}>{isClosed ? m.closed : m.open}</Badge>
                </p>
                <p className="text-sm wrap-anywhere" translate="no">
                  <TextLink to={address}>{address}</TextLink>
                </p>
                {people ? (
                  <p className="text-sm text-ink-soft">
                    <TextLink to={`/admin/users?form=${id}`}>{m.registered(people.registrations)}</TextLink>
                    {` · ${m.paid(people.paid)}`}
                  </p>
                ) : null}
                {isHeld ? <p className="text-sm font-medium text-bad">{m.held}</p> : null}
              </div>
              <PostForm className="flex flex-wrap gap-3">
                <ButtonLink to={`/admin/settings/forms/${id}`} look="secondary" size="sm" aria-label={m.editOf(name)}>
                  {m.edit}
                </ButtonLink>
                <ButtonLink to={`?like=${id}#add`} look="secondary" size="sm" aria-label={m.copyOf(name)}>
                  {m.copy}
                </ButtonLink>
                <Button
                  type="submit"
                  name={isClosed ? "open" : "close"}
                  value={id}
                  look="secondary"
                  size="sm"
                  aria-label={isClosed ? m.reopenOf(name) : m.closeOf(name)}
                >
                  {isClosed ? m.reopen : m.close}
                </Button>
              </PostForm>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
