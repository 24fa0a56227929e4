/** A line of a table in SECURITY.md whose columns are area, requirement, state and proof. */
export interface SecurityLine {
  area: string;
  requirement: string;
  state: string;
  /** Tests that show it, as "file: title". */
  proofs: { file: string; title: string }[];
  /** The last column without its proofs: why a line does not hold, or does not apply. */
  words: string;
}

const proof = /`([^`]+?)`: «([^»]+)»/g;

/** The tests that a text names as `file`: «title». */
export const readProofs = (text: string): { file: string; title: string }[] =>
  [...text.matchAll(proof)].map(([, file = "", title = ""]) => ({ file, title }));

/** The lines of every table whose first column begins with a chapter of ASVS 5, such as "V6.2". */
export function readSecurityTable(markdown: string): SecurityLine[] {
  return markdown.split("\n").flatMap((line) => {
    const [, area = "", requirement = "", state = "", last = "", ...more] = line.split("|").map((cell) => cell.trim());
    if (!/^V\d/.test(area)) return [];
    if (more.length !== 1) throw new Error(`a line of the table has not four columns: ${line}`);
    return [
      {
        area,
        requirement,
        state,
        proofs: readProofs(last),
        words: last
          .replace(proof, "")
          .replace(/[\s;,.]+/g, " ")
          .trim(),
      },
    ];
  });
}

/** Titles of the tests in a file's source; what a template fills in is `…`. */
export const readTestTitles = (source: string): string[] =>
  [...source.matchAll(/\btest(?:\.\w+\([^\n]*?\))?\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g)].map(
    ([, plain, template]) =>
      plain?.replace(/\\(.)/g, "$1") ?? (template ?? "").replace(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, "…"),
  );
