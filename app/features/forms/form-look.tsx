import { Card } from "~/components/ui/card";
import { formsTexts } from "~/features/forms/texts";
import { RegistrationForm } from "~/features/registration/registration-form";
import { registerTexts } from "~/features/registration/texts";
import { usualLead } from "~/features/registration/usual-lead";
import { useTexts } from "~/i18n/locale";
import type { AskedConsent } from "~server/consents/kinds";
import type { ShownForm } from "~server/forms/shown-form";

/** React 18 has no such property; an attribute that it does not know is written as it is. */
const inert: object = { inert: "" };

/** The form as a visitor sees it. Nothing in it can be typed, pressed or sent. */
export function FormLook({ form, consents, isDraft }: { form: ShownForm; consents: AskedConsent[]; isDraft: boolean }) {
  const m = useTexts(formsTexts);
  const r = useTexts(registerTexts);
  const lead = useTexts(usualLead);
  return (
    <section className="grid content-start gap-3" data-look>
      <h2 className="text-lg font-semibold">{isDraft ? m.lookDraft : m.look}</h2>
      <Card className="p-4 sm:p-5">
        <div {...inert} className="grid gap-4 opacity-90">
          <p className="text-lg font-semibold wrap-anywhere">{form.heading || r.title}</p>
          <p className="text-sm wrap-anywhere text-ink-soft">{form.lead || lead}</p>
          <RegistrationForm
            form={form}
            hidden={{}}
            reply={undefined}
            email={null}
            consents={consents}
            shown=""
            stamp=""
            work={false}
          />
        </div>
      </Card>
    </section>
  );
}
