import type { Check } from "~server/connection-check/check";

type Facts = Check["facts"];

/** The words of one line of the checklist. A line with the portal's own code is explained by the queue's reasons instead of `bad`. */
export interface CheckWords {
  title: string;
  ok: (facts: Facts) => string;
  /** Failed or worth a look. */
  bad: (facts: Facts) => { what: string; todo: string };
  /** Nothing was set, where that is allowed. */
  skip?: string;
}
