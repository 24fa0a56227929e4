import { type AriaAttributes, type ComponentPropsWithoutRef, type ReactNode, type Ref, useId } from "react";
import { problemText } from "~/i18n/errors";
import { useLocale } from "~/i18n/locale";

export interface FieldProps extends Omit<ComponentPropsWithoutRef<"input">, "id"> {
  label: string;
  name: string;
  /** Codes; their words come from the dictionaries. */
  problems?: string[] | undefined;
  /** Words about a problem that has no code. */
  said?: string | undefined;
  hint?: string | undefined;
  /** Shown beside the label, for example on an optional field. */
  note?: string | undefined;
  inputRef?: Ref<HTMLInputElement>;
}

/**
 * For an e-mail address that identifies an account. With `type="email"` browsers reject letters of other scripts before
 * the @.
 */
export const addressInput = {
  type: "text",
  inputMode: "email",
  autoComplete: "username",
  autoCapitalize: "none",
  spellCheck: false,
} as const;

/** An input with its label, hint and problems, associated so that screen readers read all of them. */
export function Field({ label, problems, said, hint, note, inputRef, ...input }: FieldProps) {
  return (
    <FieldFrame {...{ label, problems, said, hint, note }}>
      {(described) => <input {...input} {...described} ref={inputRef} className={inputLook} />}
    </FieldFrame>
  );
}

export const inputLook =
  "min-h-11 w-full rounded-md border border-edge bg-surface px-3 py-2 text-base aria-invalid:border-2 aria-invalid:border-bad";

interface FrameProps extends Pick<FieldProps, "label" | "problems" | "said" | "hint" | "note"> {
  /** The control, with the attributes that associate it with the words around it. */
  children: (described: { id: string } & AriaAttributes) => ReactNode;
}

/** What stands around a control of any kind. */
export function FieldFrame({ label, problems, said, hint, note, children }: FrameProps) {
  const id = useId();
  const { hintId, problemId, described, invalid } = describe(id, hint, said ? [said] : problems);
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className={labelLook}>
        {label}
        {note ? <span className="font-normal text-ink-soft">{note}</span> : null}
      </label>
      {children({ id, "aria-invalid": invalid || undefined, "aria-describedby": described })}
      <Hint id={hintId}>{hint}</Hint>
      {said ? <Words id={problemId}>{said}</Words> : <Problems id={problemId} codes={problems} />}
    </div>
  );
}

/** Of a checkbox or a radio button. */
export const tickLook =
  "size-6 shrink-0 cursor-pointer accent-accent aria-invalid:outline-2 aria-invalid:outline-offset-2 aria-invalid:outline-bad";

const labelLook = "flex flex-wrap items-baseline justify-between gap-x-3 text-sm font-medium";

/** Several controls that belong together, such as the radio buttons or checkboxes that answer one question. */
export function FieldGroup({
  label,
  problems,
  said,
  hint,
  note,
  hintFirst = false,
  children,
}: Pick<FieldProps, "label" | "problems" | "said" | "hint" | "note"> & {
  /** For long lists, below which a hint would be read too late. */
  hintFirst?: boolean;
  /** The controls; each is marked as wrong where the answer is. */
  children: (mark: Pick<AriaAttributes, "aria-invalid">) => ReactNode;
}) {
  const id = useId();
  const { hintId, problemId, described, invalid } = describe(id, hint, said ? [said] : problems);
  return (
    <fieldset aria-describedby={described} className="grid gap-1.5">
      <legend className="w-full">
        <span className={labelLook}>
          {label}
          {note ? <span className="font-normal text-ink-soft">{note}</span> : null}
        </span>
      </legend>
      {hintFirst ? <Hint id={hintId}>{hint}</Hint> : null}
      {children({ "aria-invalid": invalid || undefined })}
      {hintFirst ? null : <Hint id={hintId}>{hint}</Hint>}
      {said ? <Words id={problemId}>{said}</Words> : <Problems id={problemId} codes={problems} />}
    </fieldset>
  );
}

function Hint({ id, children }: { id: string; children: string | undefined }) {
  return children ? (
    <p id={id} className="text-xs text-ink-soft">
      {children}
    </p>
  ) : null;
}

interface ConsentProps extends Omit<ComponentPropsWithoutRef<"input">, "id" | "type"> {
  label: string;
  name: string;
  problems?: string[] | undefined;
  /** Words about a problem that has no code. */
  said?: string | undefined;
  /** Shown behind the label, for example on a box that need not be ticked. */
  note?: string | undefined;
  /** Shown below, outside the label, since it may hold links. */
  children?: ReactNode;
}

/** A checkbox with a label that is easy to hit. */
export function CheckboxField({ label, problems, said, note, children, ...input }: ConsentProps) {
  const id = useId();
  const { problemId, described, invalid } = describe(id, undefined, said ? [said] : problems);
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="flex min-h-11 cursor-pointer items-center gap-3 text-sm">
        <input
          {...input}
          id={id}
          type="checkbox"
          aria-invalid={invalid || input["aria-invalid"]}
          aria-describedby={described}
          className={tickLook}
        />
        <span className="min-w-0 wrap-anywhere">
          {label}
          {note ? <span className="text-ink-soft"> · {note}</span> : null}
        </span>
      </label>
      {said ? <Words id={problemId}>{said}</Words> : <Problems id={problemId} codes={problems} />}
      {children}
    </div>
  );
}

function Problems({ id, codes }: { id: string; codes: string[] | undefined }) {
  const locale = useLocale();
  if (!codes?.length) return null;
  return <Words id={id}>{codes.map((code) => problemText(locale, code)).join(" ")}</Words>;
}

function Words({ id, children }: { id: string; children: string }) {
  return (
    <p id={id} className="text-sm font-medium wrap-anywhere text-bad">
      {children}
    </p>
  );
}

function describe(id: string, hint: string | undefined, problems: string[] | undefined) {
  const [hintId, problemId] = [`${id}-hint`, `${id}-problem`];
  const invalid = Boolean(problems?.length);
  const described = [invalid && problemId, hint && hintId].filter(Boolean).join(" ") || undefined;
  return { hintId, problemId, described, invalid };
}
