import { Card } from "~/components/ui/card";
import { DateTime } from "~/components/ui/date-time";
import { denseCell, denseEntries, denseHead, denseLink, denseName, denseRow } from "~/components/ui/dense-list";
import { EmptyState } from "~/components/ui/empty-state";
import { conversionTexts } from "~/features/conversions/texts";
import { formatNumber } from "~/i18n/format";
import { useLocale, useTexts } from "~/i18n/locale";
import type { ConversionExportView } from "~server/payments/conversions";

type ListedFile = ConversionExportView & { hasFile: boolean };

const columns = "lg:grid-cols-[minmax(0,5fr)_minmax(0,5fr)_minmax(0,2fr)_minmax(0,3fr)_8rem]";

/** The files that were made, newest first. */
export function FileList({ files }: { files: ListedFile[] }) {
  const m = useTexts(conversionTexts);
  if (files.length === 0) return <EmptyState title={m.none.title}>{m.none.text}</EmptyState>;
  return (
    <Card>
      <div aria-hidden="true" className={`${denseHead} ${columns}`}>
        {[m.columns.what, m.columns.name, m.columns.count, m.columns.at, m.columns.file].map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul aria-label={m.files} className={denseEntries} data-files>
        {files.map((file) => (
          <ListEntry key={file.id} file={file} />
        ))}
      </ul>
    </Card>
  );
}

function ListEntry({ file: { id, system, kind, by, name, count, at, hasFile } }: { file: ListedFile }) {
  const m = useTexts(conversionTexts);
  const locale = useLocale();
  return (
    <li className={`${denseRow} ${columns}`}>
      <p className="min-w-0 font-medium wrap-anywhere">
        {m.systems[system]}, {m.kinds[kind]}
        {by === null ? "" : `, ${by}`}
      </p>
      <p className={denseCell}>{name}</p>
      <p className={`${denseCell} tabular-nums`}>
        <span className={denseName}>{m.columns.count}: </span>
        {formatNumber(locale, count)}
      </p>
      <p className={denseCell}>
        <DateTime value={at} short />
      </p>
      <p className={denseCell}>
        {hasFile ? (
          <a
            href={`/admin/conversions/${id}.csv`}
            aria-label={m.downloadOf(id)}
            className={`inline-flex min-h-11 items-center text-accent lg:min-h-6 ${denseLink}`}
          >
            {m.download}
          </a>
        ) : (
          m.noFile
        )}
      </p>
    </li>
  );
}
