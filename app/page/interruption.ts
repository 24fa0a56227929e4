/**
 * A form that cannot be carried out yet, for the page in its place that asks for what is missing and sends it again. The
 * words come with it: few visitors ever read them, and every page would have to bring them in both languages.
 */
export interface Interruption {
  interrupted: true;
  title: string;
  lead: string;
  /** Where the form was sent, and what was in it. */
  to: string;
  fields: [name: string, value: string][];
  /** What was wrong with the answer to this page. */
  said?: string | undefined;
  /** Label of the field for the password, if that is what is missing. */
  password?: string | undefined;
  /** Link to the page for signing in, if that is what is missing. */
  signIn?: string | undefined;
  submit: string;
  back: string;
}

/** The field with the password in a form that is sent again. */
export const passwordAgainField = "password-again";

/** What an error page is shown for, if it is shown for that. */
export const interruptionIn = (error: unknown): Interruption | null => {
  const data = (error as { data?: Partial<Interruption> | null } | null)?.data;
  return data?.interrupted ? (data as Interruption) : null;
};
