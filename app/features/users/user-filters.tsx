import { Form } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { Button, ButtonLink } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { adminUsersTexts } from "~/features/users/list-texts";
import { useTexts } from "~/i18n/locale";
import { useTimeZone } from "~/i18n/zone";
import {
  filterFields,
  noSource,
  type UserFilter,
  type UserSort,
  userCrmStates,
  userSearch,
  userSorts,
} from "~server/users/filter";

const usualSort: UserSort = "newest";

const answers = (words: { yes: string; no: string }) => [
  { value: "yes", label: words.yes },
  { value: "no", label: words.no },
];

/** The list's address as a form: its values are in the address, so it needs no JavaScript and can be bookmarked. */
export function UserFilters({
  filter,
  sources,
  forms,
}: {
  filter: UserFilter;
  sources: string[];
  /** A single form needs no filter. */
  forms: { id: number; name: string }[];
}) {
  const m = useTexts(adminUsersTexts);
  const zone = useTimeZone();
  const form = useRef<HTMLFormElement>(null);
  const search = userSearch(filter);
  // Back and forward change the address without the form, which is not rendered again: it would lose the focus.
  useEffect(() => {
    const values = new URLSearchParams(search);
    for (const field of form.current?.elements ?? [])
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)
        field.value = values.get(field.name) ?? (field.name === "sort" ? usualSort : "");
  }, [search]);
  const values = Object.fromEntries(filterFields(filter));
  const any = { value: "", label: m.filter.any };
  const known = [noSource, ...sources];
  const listed = filter.source && !known.includes(filter.source) ? [...known, filter.source] : known;
  const selects = [
    { name: "paid", label: m.filter.paid, options: [any, ...answers(m.paid)], wide: true },
    { name: "confirmed", label: m.filter.confirmed, options: [any, ...answers(m.confirmed)], wide: true },
    {
      name: "crm",
      label: m.filter.crm,
      options: [any, ...userCrmStates.map((value) => ({ value, label: m.crm[value] }))],
    },
    {
      name: "source",
      label: m.filter.source,
      options: [any, ...listed.map((value) => ({ value, label: value === noSource ? m.filter.noSource : value }))],
    },
    ...(forms.length > 1 || filter.form
      ? [
          {
            name: "form",
            label: m.filter.form,
            options: [any, ...forms.map(({ id, name }) => ({ value: String(id), label: name || m.filter.firstForm }))],
          },
        ]
      : []),
    { name: "sort", label: m.filter.sort, options: userSorts.map((value) => ({ value, label: m.sorts[value] })) },
  ];
  return (
    <Form
      ref={form}
      method="get"
      action="/admin/users"
      role="search"
      aria-label={m.filter.label}
      className="grid grid-cols-2 items-end gap-x-3 gap-y-4 lg:grid-cols-12 lg:gap-x-4"
    >
      <div className="col-span-2 lg:col-span-6">
        <Field
          label={m.filter.q}
          name="q"
          type="search"
          maxLength={100}
          defaultValue={filter.q}
          autoComplete="off"
          spellCheck={false}
        />
      </div>
      {selects.map(({ wide, ...select }) => (
        <div key={select.name} className={wide ? "lg:col-span-3" : "lg:col-span-2"}>
          <SelectField defaultValue={values[select.name] ?? (select.name === "sort" ? usualSort : "")} {...select} />
        </div>
      ))}
      <div className="col-span-2 min-[26rem]:col-span-1 lg:col-span-3">
        <Field label={m.filter.from(zone)} name="from" type="date" defaultValue={values.from} />
      </div>
      <div className="col-span-2 min-[26rem]:col-span-1 lg:col-span-3">
        <Field label={m.filter.to(zone)} name="to" type="date" defaultValue={values.to} />
      </div>
      <p className="col-span-2 flex flex-wrap gap-3 lg:col-span-12">
        <Button type="submit">{m.filter.show}</Button>
        {search ? (
          <ButtonLink to="/admin/users" look="quiet">
            {m.filter.reset}
          </ButtonLink>
        ) : null}
      </p>
    </Form>
  );
}
