import { Form } from "@remix-run/react";
import { useRef } from "react";
import { Button } from "~/components/ui/button";
import { closeByEscape } from "~/components/ui/close-by-escape";
import { Field } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { useDay } from "~/components/ui/use-day";
import { adminUsersTexts } from "~/features/users/list-texts";
import { useOnChange } from "~/hooks/use-on-change";
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

const control =
  "min-h-11 w-full min-w-0 rounded-md border border-edge bg-surface px-3 py-1 text-base lg:min-h-8 lg:px-2 lg:py-0.5 lg:text-sm";

/**
 * The list's address as a form: its values are in the address, so it needs no JavaScript and can be bookmarked. What is
 * used most stands in one line; the rest opens below it.
 */
export function UserFilters({
  filter,
  sources,
  forms,
  typed,
}: {
  filter: UserFilter;
  sources: string[];
  /** A single form needs no filter. */
  forms: { id: number; name: string }[];
  /** Days that are none, as the address has them. */
  typed: { from?: string; to?: string };
}) {
  const m = useTexts(adminUsersTexts);
  const zone = useTimeZone();
  const day = useDay();
  const form = useRef<HTMLFormElement>(null);
  const more = useRef<HTMLDetailsElement>(null);
  const search = userSearch(filter);
  const shown = `${search}&${new URLSearchParams(typed)}`;
  // Back and forward change the address without the form, which is not rendered again: it would lose the focus.
  useOnChange(shown, () => {
    const values = new URLSearchParams(shown);
    for (const field of form.current?.elements ?? [])
      if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
        field.value = values.get(field.name) ?? (field.name === "sort" ? usualSort : "");
        field.setCustomValidity("");
      }
    if (more.current) more.current.open = false;
  });
  const values = Object.fromEntries(filterFields(filter));
  const any = { value: "", label: m.filter.any };
  const known = [noSource, ...sources];
  const listed = filter.source && !known.includes(filter.source) ? [...known, filter.source] : known;
  const quick = [
    { name: "paid", label: m.filter.paid, options: answers(m.paid) },
    { name: "crm", label: m.filter.crm, options: userCrmStates.map((value) => ({ value, label: m.crm[value] })) },
  ];
  const selects = [
    { name: "confirmed", label: m.filter.confirmed, options: [any, ...answers(m.confirmed)] },
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
      className="relative grid min-w-0 grid-cols-2 items-start gap-2 max-lg:order-last max-lg:w-full lg:flex lg:flex-1 lg:items-center print:hidden"
    >
      <input
        name="q"
        type="search"
        aria-label={m.filter.q}
        placeholder={m.filter.q}
        maxLength={100}
        defaultValue={filter.q}
        autoComplete="off"
        spellCheck={false}
        className={`${control} col-span-2 placeholder:text-ink-soft lg:max-w-sm`}
      />
      {quick.map(({ name, label, options }) => (
        <select
          key={name}
          name={name}
          aria-label={label}
          defaultValue={values[name] ?? ""}
          className={`${control} lg:w-auto lg:shrink-0`}
        >
          <option value="">{`${label}: ${m.filter.any}`}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ))}
      <details
        ref={more}
        className="max-lg:open:col-span-2 lg:shrink-0"
        onKeyDown={closeByEscape}
        // The browser shows a refused day, and says why, only where it can give it the focus.
        onInvalidCapture={({ currentTarget }) => {
          currentTarget.open = true;
        }}
      >
        <summary className="flex min-h-11 items-center justify-center rounded-md border border-edge bg-surface px-3 text-sm font-medium whitespace-nowrap hover:bg-sunken lg:min-h-8">
          {m.filter.more}
        </summary>
        <div className="mt-2 grid grid-cols-2 items-end gap-3 rounded-lg border border-line bg-surface p-4 lg:absolute lg:top-full lg:right-0 lg:z-10 lg:mt-1 lg:w-[36rem] lg:shadow-card">
          {selects.map((select) => (
            <SelectField
              key={select.name}
              defaultValue={values[select.name] ?? (select.name === "sort" ? usualSort : "")}
              {...select}
            />
          ))}
          <div className="col-span-2 min-[26rem]:col-span-1">
            <Field label={m.filter.from(zone)} name="from" {...day} defaultValue={typed.from ?? values.from} />
          </div>
          <div className="col-span-2 min-[26rem]:col-span-1">
            <Field label={m.filter.to(zone)} name="to" {...day} defaultValue={typed.to ?? values.to} />
          </div>
        </div>
      </details>
      <Button type="submit" className="lg:min-h-8! lg:shrink-0 lg:px-3! lg:py-0.5! lg:text-sm!">
        {m.filter.show}
      </Button>
    </Form>
  );
}
