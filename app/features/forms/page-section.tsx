import { Field } from "~/components/ui/field";
import { SelectField } from "~/components/ui/select-field";
import { formsTexts } from "~/features/forms/texts";
import type { Inputs } from "~/features/forms/typed";
import { useTexts } from "~/i18n/locale";
import type { FormState } from "~server/forms/change";

/** What administrators call the form, where it stands, and whether it takes registrations. */
export function PageSection({ state: { name, slug, closedAt }, inputs }: { state: FormState; inputs: Inputs }) {
  const m = useTexts(formsTexts);
  return (
    <>
      <Field
        label={m.name}
        name="name"
        defaultValue={inputs.text("name", name)}
        said={inputs.said("name")}
        maxLength={200}
        autoComplete="off"
      />
      {slug === null ? (
        <p className="text-sm text-ink-soft">{m.firstAddress}</p>
      ) : (
        <Field
          label={m.slug}
          hint={`${m.slugHint} ${m.formerAddress}`}
          name="slug"
          defaultValue={inputs.text("slug", slug)}
          said={inputs.said("slug")}
          autoComplete="off"
        />
      )}
      <SelectField
        label={m.state}
        name="open"
        hint={m.stateHint}
        defaultValue={inputs.text("open", closedAt === null ? "yes" : "no")}
        said={inputs.said("open")}
        options={[
          { value: "yes", label: m.open },
          { value: "no", label: m.closed },
        ]}
      />
    </>
  );
}
