/** Markup that is safe to put into markup. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | Part[];

/** Escapes whatever is put between the literal parts, unless it was made by this very tag. */
export function html(literals: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(literals.reduce((text, literal, index) => text + render(parts[index - 1] ?? "") + literal));
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  return String(part).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
