import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { PostForm } from "~/components/ui/post-form";
import { testField } from "~/features/settings/form-fields";
import { settingsTexts } from "~/features/settings/texts";
import { useTexts } from "~/i18n/locale";
import type { ChannelView } from "~server/notices/alert-messages";

/** The channels that are set up: how the last message fared, and a test of each. */
export function AlertChannels({ channels }: { channels: ChannelView[] }) {
  const { channels: m } = useTexts(settingsTexts);
  const nameOf = (channel: string) => m.names[channel] ?? channel;
  return (
    <Card className="grid gap-4 p-5 sm:p-8">
      <div className="grid gap-1">
        <h2 className="text-lg font-semibold">{m.title}</h2>
        <p className="text-sm text-ink-soft">{channels.length > 0 ? m.lead : m.none}</p>
      </div>
      {channels.length > 0 ? (
        <ul className="divide-y divide-line">
          {channels.map(({ channel, last }) => (
            <li key={channel} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
              <div className="grid min-w-0 gap-1">
                <span className="font-medium">{nameOf(channel)}</span>
                {last ? (
                  <span className="text-sm wrap-anywhere text-ink-soft">
                    {m.last}: <DateTime value={last.at} />, {m.states[last.state] ?? last.state}
                    {last.error ? ` (${last.error})` : ""}
                  </span>
                ) : null}
              </div>
              <PostForm>
                <Button
                  type="submit"
                  look="secondary"
                  size="sm"
                  name={testField}
                  value={channel}
                  aria-label={m.testBy(nameOf(channel))}
                >
                  {m.test}
                </Button>
              </PostForm>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

export interface Tested {
  channel: string;
  ok: boolean;
  code: string;
  said: string;
}

/** What came back from a test. */
export function TestedAlert({ tested: { channel, ok, code, said } }: { tested: Tested }) {
  const { channels: m } = useTexts(settingsTexts);
  const name = m.names[channel] ?? channel;
  return <Alert tone={ok ? "good" : "bad"}>{ok ? m.accepted(name, said) : m.refused(name, code, said)}</Alert>;
}
