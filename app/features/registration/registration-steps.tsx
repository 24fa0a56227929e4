import { registerTexts } from "~/features/registration/texts";
import { useTexts } from "~/i18n/locale";

/** What a person who gives a phone number wants to know first: what will be done with it. */
export function RegistrationSteps({ next }: { next: string[] }) {
  const m = useTexts(registerTexts);
  return (
    <div className="grid content-start gap-8">
      <section className="grid gap-5">
        <h2 className="text-lg font-semibold">{m.nextTitle}</h2>
        <ol className="grid gap-4">
          {next.map((step, index) => (
            <li key={step} className="flex gap-4">
              <span
                aria-hidden="true"
                className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-semibold text-good tabular-nums"
              >
                {index + 1}
              </span>
              <span className="pt-0.5">{step}</span>
            </li>
          ))}
        </ol>
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg font-semibold">{m.careTitle}</h2>
        <ul className="grid gap-3 text-sm text-ink-soft">
          {m.care.map((fact) => (
            <li key={fact} className="border-l-2 border-line pl-3">
              {fact}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
