import { useNavigation } from "@remix-run/react";
import { useState } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { importTexts } from "~/features/import/texts";
import { useTexts } from "~/i18n/locale";
import type { OwnField as Column } from "~server/import/columns";
import type { FileProblemCode } from "~server/import/import-file-error";
import { maxImportBytes } from "~server/import/import-limits";
import { personField, personFieldNames } from "~server/person/fields";

/** Why a file was rejected; `missing`: no file was chosen. */
export interface UploadProblem {
  code: FileProblemCode | "missing";
  fields: Column[];
  line: number | null;
}

/** Chooses a list and sends it to be looked through. */
export function ImportUpload({ problem }: { problem: UploadProblem | undefined }) {
  const m = useTexts(importTexts);
  const [tooLarge, setTooLarge] = useState(false);
  const busy = useNavigation().formData?.get("intent") === "upload";
  const shown: UploadProblem | undefined = tooLarge ? { code: "too_large", fields: [], line: null } : problem;
  return (
    <PostForm
      encType="multipart/form-data"
      className="grid justify-items-start gap-5"
      onSubmit={(event) => {
        // The server would cut the upload off without an explanation.
        if (tooLarge) event.preventDefault();
      }}
    >
      {shown && !busy ? <Alert tone="bad">{problemText(m, shown)}</Alert> : null}
      <Field
        label={m.file}
        hint={m.fileHint}
        name="file"
        type="file"
        accept=".csv,.txt,text/csv"
        required
        onChange={({ currentTarget }) => setTooLarge((currentTarget.files?.[0]?.size ?? 0) > maxImportBytes)}
      />
      <Button type="submit" name="intent" value="upload">
        {busy ? <Spinner label={m.uploading} /> : m.upload}
      </Button>
    </PostForm>
  );
}

function problemText(m: (typeof importTexts)["en"], { code, fields, line }: UploadProblem): string {
  if (code === "missing") return m.missing;
  return m.fileProblems[code](fields.map((field) => m.fields[field]).join(", "), line);
}

const required: Column[] = personFieldNames.filter((name) => personField(name).required);

/** What a list should look like. */
export function ImportFormat() {
  const m = useTexts(importTexts);
  const names = (wanted: boolean) =>
    (Object.keys(m.fields) as Column[])
      .filter((field) => required.includes(field) === wanted)
      .map((field) => m.fields[field])
      .join(", ");
  return (
    <div className="grid gap-3 text-sm">
      <h2 className="text-lg font-semibold">{m.format.title}</h2>
      <dl className="grid gap-2">
        <div>
          <dt className="text-ink-soft">{m.format.required}</dt>
          <dd>{names(true)}</dd>
        </div>
        <div>
          <dt className="text-ink-soft">{m.format.optional}</dt>
          <dd>{names(false)}</dd>
        </div>
      </dl>
      {m.format.text.map((paragraph) => (
        <p key={paragraph} className="text-ink-soft">
          {paragraph}
        </p>
      ))}
    </div>
  );
}
