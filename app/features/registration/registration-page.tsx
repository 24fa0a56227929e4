import { Card, CardStub } from "~/components/ui/card";
import { Page, PageHeader } from "~/components/ui/page";
import { RegistrationForm } from "~/features/registration/registration-form";
import { RegistrationSteps } from "~/features/registration/registration-steps";
import { TakenAddress } from "~/features/registration/taken-address";
import { registerTexts } from "~/features/registration/texts";
import { useTexts } from "~/i18n/locale";
import type { RegistrationPageData } from "./register-by-form.server";
import type { RefusedForm } from "./take-registration.server";

interface Props {
  loaded: RegistrationPageData;
  /** The answer to the last attempt, if it was refused. */
  acted: RefusedForm | undefined;
}

/** A registration form on a page of this site. */
export function RegistrationPage({ loaded, acted }: Props) {
  const m = useTexts(registerTexts);
  const form = acted?.form ?? loaded.form;
  const taken = acted?.reply.fields.email?.includes("email_taken") ? acted.reply.values.email : null;
  return (
    <Page>
      <PageHeader title={form.heading || m.title} lead={form.lead} />
      <Card className="grid grid-cols-1 md:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid gap-5 p-5 sm:p-8 lg:p-10">
          {taken ? <TakenAddress email={taken} canMail={loaded.canMail} /> : null}
          <RegistrationForm
            form={form}
            hidden={loaded.hidden}
            reply={acted?.reply}
            email={loaded.email}
            consents={acted?.consents ?? loaded.consents}
            shown={acted?.shown ?? loaded.shown}
            stamp={acted?.stamp ?? loaded.stamp}
            work={acted?.work ?? loaded.work}
          />
        </div>
        <CardStub beside className="p-5 sm:p-8 lg:p-10">
          <RegistrationSteps next={loaded.next} />
        </CardStub>
      </Card>
    </Page>
  );
}
