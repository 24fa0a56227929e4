import { inputOf, type Typed } from "~server/forms/draft-inputs";

/** What the inputs of the page show: what was typed, after a form that was refused or is being looked at. */
export interface Inputs {
  /** Null: nothing was typed, the page shows what is stored. */
  typed: Typed | null;
  /** What was typed is saved, and the page's data are loaded again. */
  isSaved: boolean;
  text(name: string, stored: string): string;
  ticked(name: string, stored: boolean): boolean;
  /** Words about a problem. */
  said(name: string): string | undefined;
}

export const inputsOf = (typed: Typed | undefined, said: Record<string, string>, isSaved = false): Inputs => ({
  typed: typed ?? null,
  isSaved,
  text: (name, stored) => typed?.[name] ?? stored,
  ticked: (name, stored) => (typed ? Boolean(typed[name]) : stored),
  said: (name) => said[name],
});

/** Of one item: one that was not on the page that was sent, since it was added meanwhile, is shown as it is stored. */
export const inputsOfItem = (inputs: Inputs, id: string): Inputs =>
  inputs.typed && !(inputOf("place", id) in inputs.typed) ? inputsOf(undefined, {}) : inputs;
