import { Alert } from "~/components/ui/alert";
import { Card } from "~/components/ui/card";
import { RegistrationPreview } from "~/features/settings/preview";
import type { Preview } from "~server/preview/preview";

/** What the next registration makes as the form is now, beside what can be changed. */
export function PresentPreview({ preview, warnings }: { preview: Preview | null; warnings: string[] }) {
  return (
    <Card className="grid min-w-0 gap-4 p-5 sm:p-8">
      {warnings.map((words) => (
        <Alert key={words} tone="wait">
          {words}
        </Alert>
      ))}
      {preview ? <RegistrationPreview preview={preview} level={2} /> : null}
    </Card>
  );
}
