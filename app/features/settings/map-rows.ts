import { percentDecoded } from "~server/platform/percent";
/** A line of the form: a value, for a fixed text its words, and the field. */
export interface MapRow {
  source: string;
  /** Of a fixed text; of any other value what is sent for people without it. */
  constant: string;
  target: string;
}

const encodedText = "text:";

/** The lines of a stored or refused text, also of one that is incomplete. */
export const rowsOf = (text: string): MapRow[] =>
  text
    .split(",")
    .map((part) => part.split("=").map((each) => each.trim()))
    .filter(([left, right]) => left || right)
    .map(([left = "", target = ""]) => {
      const isText = left.startsWith(encodedText);
      const [source = "", instead = ""] = left.split("|", 2);
      return {
        source: isText ? "text" : source,
        constant: decoded(isText ? left.slice(encodedText.length) : instead),
        // As in earlier releases, a field without its record's name is one of the deal.
        target: target === "" || target.includes(".") ? target : `deal.${target}`,
      };
    });

/** The lines as a text; a line without value and field is left out, any other incomplete one is refused by the check. */
export const textOfRows = (rows: MapRow[]): string =>
  rows
    .filter(({ source, target }) => source || target)
    .map(({ source, constant, target }) => {
      const text = encodeURIComponent(constant.trim());
      const left = source === "text" ? `${encodedText}${text}` : [source, text].filter(Boolean).join("|");
      return `${left}=${target}`;
    })
    .join(", ");

const decoded = (text: string): string => percentDecoded(text) ?? text;
