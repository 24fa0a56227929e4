import type { ReactNode } from "react";
import { Alert } from "~/components/ui/alert";
import { Badge } from "~/components/ui/badge";
import { Button, ButtonLink } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { CodeBlock } from "~/components/ui/code-block";
import { DataList } from "~/components/ui/data-list";
import { DateTime } from "~/components/ui/date-time";
import {
  denseButton,
  denseCell,
  denseEntries,
  denseHead,
  denseList,
  denseName,
  denseRow,
} from "~/components/ui/dense-list";
import { EmptyState } from "~/components/ui/empty-state";
import { CheckboxField, Field } from "~/components/ui/field";
import { PageHeader } from "~/components/ui/page";
import { Pager } from "~/components/ui/pager";
import { PasswordField } from "~/components/ui/password-field";
import { SecretOnce } from "~/components/ui/secret-once";
import { SelectField } from "~/components/ui/select-field";
import { Spinner } from "~/components/ui/spinner";
import { TextArea } from "~/components/ui/text-area";
import { TextLink } from "~/components/ui/text-link";
import { MenuCount } from "~/features/administration/menu-count";
import { useNow } from "~/i18n/now";

const here = "/design";
const denseColumns = "lg:grid-cols-[minmax(0,2fr)_6rem_minmax(0,4fr)_6rem]";
const options = [
  { value: "a", label: "First" },
  { value: "b", label: "Second, with a label that is longer than its box" },
];

/** Every component of app/components/ui in each of its states. The names are those of the code. */
export function Gallery() {
  const now = useNow();
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  return (
    <div className="grid gap-8">
      <Sample name="PageHeader">
        <PageHeader
          title="A page's title"
          lead="The sentence below it."
          actions={
            <ButtonLink to={here} look="secondary" size="sm">
              An action
            </ButtonLink>
          }
        />
      </Sample>
      <Sample name="Button">
        <div className="flex flex-wrap items-center gap-3">
          {(["primary", "secondary", "quiet"] as const).flatMap((look) =>
            (["md", "sm"] as const).map((size) => (
              <Button key={look + size} type="button" look={look} size={size}>
                {look}, {size}
              </Button>
            )),
          )}
          <Button type="button" aria-disabled>
            In flight
          </Button>
        </div>
      </Sample>
      <Sample name="TextLink">
        <p>
          Text with <TextLink to={here}>a link</TextLink> inside.
        </p>
      </Sample>
      <Sample name="Badge, MenuCount, Spinner">
        <div className="flex flex-wrap items-center gap-3">
          {(["plain", "good", "wait", "bad"] as const).flatMap((tone) =>
            (["pill", "line"] as const).map((look) => (
              <Badge key={tone + look} tone={tone} look={look}>
                {tone}, {look}
              </Badge>
            )),
          )}
          <MenuCount count={3} words="waiting" tone="wait" />
          <MenuCount count={100} words="failed" tone="bad" />
          <Spinner />
        </div>
      </Sample>
      <Sample name="Alert">
        {(["good", "wait", "bad"] as const).map((tone) => (
          <Alert key={tone} tone={tone}>
            An alert with the tone “{tone}”.
          </Alert>
        ))}
      </Sample>
      <Sample name="Field, PasswordField, TextArea, SelectField, CheckboxField">
        <div className="grid gap-4 lg:grid-cols-2">
          <Field label="With a hint" name="hint" hint="What belongs here." />
          <Field label="Optional" name="note" note="optional" defaultValue="Filled in" />
          <Field label="With a problem" name="problem" problems={["required"]} />
          <Field label="With words about a problem" name="said" said="These words are the server's." />
          <PasswordField label="Password" />
          <Field label="Read only" name="fixed" defaultValue="Cannot be changed" readOnly />
          <TextArea label="Several lines" name="lines" hint="What belongs here." />
          <TextArea label="Several lines with a problem" name="wrong" said="These words are the server's." />
          <SelectField label="A choice" name="choice" options={options} hint="What it is for." />
          <SelectField label="A choice with a problem" name="wrongChoice" options={options} said="No such choice." />
          <CheckboxField label="A box to tick" name="box" note="optional" />
          <CheckboxField label="A box with a problem" name="wrongBox" problems={["required"]} />
        </div>
      </Sample>
      <Sample name="Card, CardStub, DataList, DateTime">
        <Card>
          <div className="p-5">
            <DataList
              rows={[
                { name: "Just now", value: <DateTime value={ago(0)} /> },
                { name: "Some minutes ago", value: <DateTime value={ago(5)} /> },
                { name: "In some hours", value: <DateTime value={ago(-200)} /> },
                { name: "Last week", value: <DateTime value={ago(10_000)} /> },
                { name: "Exact", value: <DateTime value={ago(5)} exact /> },
                { name: "Short", value: <DateTime value={ago(10_000)} dateOnly short /> },
                { name: "Only the day", value: <DateTime value={ago(5)} dateOnly /> },
              ]}
            />
          </div>
          <CardStub className="p-5">The stub below the perforation.</CardStub>
        </Card>
      </Sample>
      <Sample name="denseList, denseEntries">
        {[denseList, denseEntries].map((look) => (
          <Card key={look}>
            <div aria-hidden="true" className={`${denseHead} ${denseColumns}`}>
              <span>Name</span>
              <span>State</span>
              <span>What it says</span>
            </div>
            <ul className={look}>
              <li className={`${denseRow} ${denseColumns}`}>
                <p className="font-medium">One line</p>
                <p>
                  <Badge tone="good" look="line">
                    active
                  </Badge>
                </p>
                <p className={denseCell}>
                  <span className={denseName}>What it says: </span>short
                </p>
                <p className="lg:text-right">
                  <Button type="button" look="secondary" size="sm" className={denseButton}>
                    Revoke
                  </Button>
                </p>
              </li>
              <li className={`${denseRow} ${denseColumns}`}>
                <p className="font-medium">Several lines</p>
                <p>
                  <Badge tone="plain" look="line">
                    revoked
                  </Badge>
                </p>
                <p className={denseCell}>
                  <span className={denseName}>What it says: </span>
                  {"longer than its column, so that it goes on below ".repeat(3)}
                </p>
              </li>
            </ul>
          </Card>
        ))}
      </Sample>
      <Sample name="EmptyState">
        <EmptyState title="Nothing here yet">
          What to do about it, with <TextLink to={here}>a link</TextLink>.
        </EmptyState>
      </Sample>
      <Sample name="Pager">
        <Pager label="Both" previous={{ to: here, label: "Previous" }} next={{ to: here, label: "Next" }} />
        <Pager label="The first page" previous={null} next={{ to: here, label: "Next" }} />
      </Sample>
      <Sample name="CodeBlock, SecretOnce">
        <CodeBlock>{"curl https://example.com/api/users"}</CodeBlock>
        <SecretOnce
          secret="rk_0123456789abcdef"
          texts={{ title: "The new token", once: "It is shown only once.", copy: "Copy", copied: "Copied." }}
        />
      </Sample>
    </div>
  );
}

function Sample({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="grid gap-3">
      <h3 className="font-mono text-xs text-ink-soft">{name}</h3>
      {children}
    </section>
  );
}
