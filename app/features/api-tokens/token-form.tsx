import { Button } from "~/components/ui/button";
import { CheckboxField, Field } from "~/components/ui/field";
import { PostForm } from "~/components/ui/post-form";
import { SelectField } from "~/components/ui/select-field";
import { tokensTexts } from "~/features/api-tokens/texts";
import { dayChoices, maxTokenName, scopesShownField, seenField } from "~/features/api-tokens/token-fields";
import type { ProblemCode } from "~/i18n/errors";
import { useTexts } from "~/i18n/locale";
import { tokenDays, tokenScopes } from "~server/auth/token-scopes";

/** The problems of the last form, by field. */
export type TokenProblems = Partial<Record<"name" | "scope" | "days", ProblemCode>>;

/** A rejected form: its problems and its input. */
export interface RefusedToken {
  problems: TokenProblems;
  name: string;
  scopes: string[];
  days: string;
}

/** Asks for a new token's name, what it may do and for how long. */
export function TokenForm({ refused, seen }: { refused: RefusedToken | null; seen: number }) {
  const problems = refused?.problems ?? {};
  const m = useTexts(tokensTexts);
  return (
    <PostForm action="/admin/tokens" className="grid gap-4">
      <h2 className="text-lg font-semibold">{m.make}</h2>
      <input type="hidden" name={seenField} value={seen} />
      <Field
        label={m.name}
        hint={m.nameHint}
        name="name"
        maxLength={maxTokenName}
        autoComplete="off"
        required
        defaultValue={refused?.name}
        problems={problems.name ? [problems.name] : undefined}
      />
      <fieldset className="grid gap-1">
        <legend className="text-sm font-medium">{m.scopes}</legend>
        <input type="hidden" name={scopesShownField} value="1" />
        {tokenScopes.map((scope, index) => (
          <CheckboxField
            key={scope}
            label={m.scope[scope]}
            name="scope"
            value={scope}
            defaultChecked={refused?.scopes.includes(scope) ?? true}
            problems={problems.scope && index === 0 ? [problems.scope] : undefined}
          />
        ))}
      </fieldset>
      <SelectField
        label={m.lifetime}
        name="days"
        defaultValue={refused?.days || String(tokenDays.usual)}
        options={dayChoices.map((days) => ({ value: String(days), label: m.days(days) }))}
      />
      <p>
        <Button type="submit">{m.submit}</Button>
      </p>
    </PostForm>
  );
}
