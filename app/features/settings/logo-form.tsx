import { useNavigation } from "@remix-run/react";
import { useState } from "react";
import { Alert } from "~/components/ui/alert";
import { Button } from "~/components/ui/button";
import { Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { Spinner } from "~/components/ui/spinner";
import { logoFile, seenField } from "~/features/settings/form-fields";
import { logoTexts } from "~/features/settings/logo-texts";
import { useSettingsToast } from "~/features/settings/settings-toast";
import { settingsTexts } from "~/features/settings/texts";
import { SavedAlert } from "~/features/toasts/saved-alert";
import { useTexts } from "~/i18n/locale";
import { maxPictureBytes } from "~server/platform/picture-limits";
import type { LogoAnswer, LogoFault } from "./change-logo.server";

/** Uploads a picture as the logo; with one, removes it. */
export function LogoForm({
  seen,
  hasLogo,
  answer,
}: {
  seen: number;
  hasLogo: boolean;
  answer: LogoAnswer | undefined;
}) {
  const m = useTexts(logoTexts);
  const { undone } = useTexts(settingsTexts);
  const isUndone = useSettingsToast(answer?.change ?? null);
  const [tooLarge, setTooLarge] = useState(false);
  const busy = useNavigation().formData?.get("intent") === "upload";
  const fault: LogoFault | null = tooLarge ? { code: "bytes" } : (answer?.fault ?? null);
  return (
    <div className="grid gap-6">
      {fault && !busy ? (
        <Alert tone="bad">{fault.code === "sides" ? m.faults.sides(fault) : m.faults[fault.code]}</Alert>
      ) : null}
      {answer && !fault && !busy ? (
        <SavedAlert isTold={answer.change !== null} undoneBy={isUndone ? "toast" : null} undone={undone}>
          {answer.outcome === "removed" ? m.removed : m.saved}
        </SavedAlert>
      ) : null}
      <PostForm
        encType="multipart/form-data"
        className="grid justify-items-start gap-5"
        onSubmit={(event) => {
          // An upload of any size would take its time, to be refused.
          if (tooLarge) event.preventDefault();
        }}
      >
        <input type="hidden" name={seenField} value={seen} />
        <Field
          label={m.file}
          hint={m.hint}
          name={logoFile}
          type="file"
          accept=".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"
          required
          onChange={({ currentTarget }) => setTooLarge((currentTarget.files?.[0]?.size ?? 0) > maxPictureBytes)}
        />
        <Button type="submit" name="intent" value="upload">
          {busy ? <Spinner label={m.uploading} /> : m.upload}
        </Button>
      </PostForm>
      {hasLogo ? (
        <PostForm>
          <input type="hidden" name={seenField} value={seen} />
          <Button type="submit" name="intent" value="remove" look="secondary">
            {m.remove}
          </Button>
        </PostForm>
      ) : null}
    </div>
  );
}
