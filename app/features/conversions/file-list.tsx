import { DateTime } from "~/components/ui/date-time";
import { EmptyState } from "~/components/ui/empty-state";
import { conversionTexts } from "~/features/conversions/texts";
import { useTexts } from "~/i18n/locale";
import type { ConversionExportView } from "~server/payments/conversions";

/** The files that were made, newest first. */
export function FileList({ files }: { files: (ConversionExportView & { hasFile: boolean })[] }) {
  const m = useTexts(conversionTexts);
  if (files.length === 0) return <EmptyState title={m.none.title}>{m.none.text}</EmptyState>;
  return (
    <ul className="divide-y divide-line" data-files>
      {files.map((file) => (
        <li key={file.id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3 text-sm">
          <span className="wrap-anywhere">
            {m.systems[file.system]}, {m.kinds[file.kind]}
            {file.by === null ? "" : `, ${file.by}`}: {m.people(file.count)} · {file.name}
            <span className="block text-xs text-ink-soft">
              <DateTime value={file.at} />
            </span>
          </span>
          {file.hasFile ? (
            <a
              href={`/admin/conversions/${file.id}.csv`}
              aria-label={m.downloadOf(file.id)}
              className="inline-flex min-h-11 items-center underline"
            >
              {m.download}
            </a>
          ) : (
            <span className="text-ink-soft">{m.noFile}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
