import { useNavigation } from "@remix-run/react";
import { Badge, type BadgeTone } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Card, CardStub } from "~/components/ui/card";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { TextLink } from "~/components/ui/text-link";
import { connectionTexts } from "~/features/connection-check/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { CrmLogView } from "~server/crm/call-log";
import { reasonOf } from "~server/queue/reasons";
import type { UserView } from "~server/users/users";
import type { QueueView } from "~server/worker/queue-view";

interface Props {
  user: UserView;
  /** In the order in which they happened. */
  steps: CrmLogView[];
  queue: QueueView;
  links: { contact: string | null; deal: string | null };
}

/** The progress of a test registration: its steps, what it waits for, and a button that removes it. */
export function TestRun({ user, steps, queue, links }: Props) {
  const m = useTexts(connectionTexts);
  const isBusy = useNavigation().formData?.get("intent") === "remove";
  return (
    <Card>
      <div className="grid gap-4 p-4 sm:p-8" data-crm-state={user.crmState}>
        <h3 className="text-lg font-semibold">{m.run(user.id)}</h3>
        <ol className="grid gap-3">
          <Line tone="good" label={m.outcomes.ok} text={m.saved} />
          {steps.map((step, index) => (
            <StepLine key={step.id} step={step} before={steps.slice(0, index)} />
          ))}
        </ol>
        <div role="status" className="grid gap-2">
          {user.crmState === "pending" ? <Waiting queue={queue} /> : null}
          {user.crmState === "synced" ? <p className="font-medium text-good">{m.done}</p> : null}
          {user.crmState === "failed" ? <p className="font-medium text-bad">{m.failed}</p> : null}
        </div>
        <p className="flex flex-wrap gap-x-6 gap-y-2 text-sm empty:hidden">
          <PortalLink to={links.contact} label={m.onPortal.contact} />
          <PortalLink to={links.deal} label={m.onPortal.deal} />
        </p>
      </div>
      <CardStub className="p-4 sm:px-8 sm:py-6">
        <PostForm action="/bitrix24-test" preventScrollReset>
          <input type="hidden" name="userId" value={user.id} />
          <Button type="submit" name="intent" value="remove" look="secondary" aria-disabled={isBusy}>
            {isBusy ? <Spinner /> : m.remove}
          </Button>
        </PostForm>
      </CardStub>
    </Card>
  );
}

function Waiting({ queue }: { queue: QueueView }) {
  const m = useTexts(connectionTexts);
  if (!queue.pausedBy && !queue.workerSilent) return <Spinner label={m.waits} />;
  return (
    <p className="text-wait">
      {queue.pausedBy ? m.paused : m.silent} <TextLink to="/admin/crm">{m.openQueue}</TextLink>
    </p>
  );
}

function PortalLink({ to, label }: { to: string | null; label: string }) {
  return to === null ? null : (
    <a href={to} rel="noreferrer" className="text-accent underline underline-offset-4">
      {label}
    </a>
  );
}

const tones: Record<CrmLogView["outcome"], BadgeTone> = { OK: "good", NO: "bad", UNKNOWN: "wait" };

function StepLine({ step, before }: { step: CrmLogView; before: CrmLogView[] }) {
  const m = useTexts(connectionTexts);
  const locale = useLocale();
  const { outcome, code, durationMs } = step;
  const label = outcome === "OK" ? m.outcomes.ok : outcome === "NO" ? m.outcomes.failed : m.outcomes.unknown;
  const kind = kindOf(step, before);
  const words = m.steps[kind];
  const text = typeof words === "string" ? words : words(kind === "contact" ? step.contactId : step.dealId);
  return (
    <Line
      tone={tones[outcome]}
      label={label}
      text={text}
      more={[
        durationMs > 0 ? m.milliseconds(durationMs) : null,
        code ? `${reasonOf(locale, { code }).what} (${code})` : null,
      ]
        .filter((fact) => fact !== null)
        .join(" · ")}
    />
  );
}

function Line({ tone, label, text, more }: { tone: BadgeTone; label: string; text: string; more?: string }) {
  return (
    <li className="grid gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-baseline">
      <div className="min-w-0">
        <p>{text}</p>
        {more ? <p className="text-sm wrap-anywhere text-ink-soft">{more}</p> : null}
      </div>
      <span>
        <Badge tone={tone}>{label}</Badge>
      </span>
    </li>
  );
}

/** A failed `crm.item.add` does not say what it should create; the steps before it do. */
function kindOf(step: CrmLogView, before: CrmLogView[]): "lookup" | "link" | "contact" | "deal" | "row" {
  const { method, contactId, dealId } = step;
  if (method === "lookup") return "lookup";
  if (method === "link") return contactId === null ? "row" : "link";
  if (method.includes("productrow")) return "row";
  if (dealId !== null) return "deal";
  if (contactId !== null) return method.endsWith("update") ? "link" : "contact";
  return before.some((earlier) => earlier.contactId !== null) ? "deal" : "contact";
}
