import type { Typed } from "~server/forms/draft-inputs";

/** What the inputs of the page show: what was typed, after a form that was refused or is being looked at. */
export interface Inputs {
  text(name: string, stored: string): string;
  ticked(name: string, stored: boolean): boolean;
  /** Words about a problem. */
  said(name: string): string | undefined;
}

export const inputsOf = (typed: Typed | undefined, said: Record<string, string>): Inputs => ({
  text: (name, stored) => typed?.[name] ?? stored,
  ticked: (name, stored) => (typed ? Boolean(typed[name]) : stored),
  said: (name) => said[name],
});
