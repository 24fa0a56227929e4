import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notAfterRefusal } from "./frame-data";

const app = join(import.meta.dirname, "..");
const sources = new Map(
  readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".tsx") && !file.endsWith(".test.tsx"))
    .map((file) => [file.replaceAll("\\", "/"), readFileSync(join(app, file), "utf8")] as const),
);

/** Forms of the browser's own, which show the browser's page where an answer is lost. */
const plainForms = ["components/layout/interrupted-form.tsx", "routes/confirm-password.tsx"];

test("every page that changes something keeps what was typed where its answer is lost", () => {
  const pages = [...sources].filter(
    ([file, text]) =>
      file.startsWith("routes/") &&
      /export (?:async function|const) action\b/.test(text) &&
      /<(?:PostForm|\w*Form|\w*List|[\w.]*fetcher\.Form)\b/.test(text),
  );
  expect(pages.length).toBeGreaterThan(15);
  const careless = pages.filter(([file, text]) => !/\bclientAction\b/.test(text) && !plainForms.includes(file));
  expect(careless.map(([file]) => file)).toEqual([]);
});

test("every form that changes something is sent once, by a component that sees to it", () => {
  const components = ["components/ui/post-form.tsx", "components/ui/staying-form.tsx"];
  const own = /<(?:Form|form)\b(?=[^>]*method="post")/i;
  const careless = [...sources].filter(
    ([file, text]) => own.test(text) && ![...components, ...plainForms].includes(file),
  );
  expect(careless.map(([file]) => file)).toEqual([]);
});

test("a form that belongs to another page leaves the page that shows it, and what was typed there, as they are", () => {
  const careless = [...sources].filter(([, text]) =>
    /<PostForm\b[^>]*\baction="\/(?!admin\/|bitrix24-test)/.test(text),
  );
  expect(careless.map(([file]) => file)).toEqual([]);
});

test("every page whose answer may be lost reads it by the hook that knows of that", () => {
  // The list of conflicts says by itself that its answer was lost.
  const knowing = ["routes/admin.conflicts.tsx"];
  const pages = [...sources].filter(([file, text]) => file.startsWith("routes/") && /\bkeepPage\b/.test(text));
  // As does useAnswerTo, which is handed the answer.
  const isRead = (text: string) => /(?<!useAnswerTo\()\buseActionData[<(]/.test(text);
  const careless = pages.filter(([file, text]) => isRead(text) && !knowing.includes(file));
  expect(careless.map(([file]) => file)).toEqual([]);
});

test("every page that keeps what was typed tells Remix, by a status, to load nothing again while the network is away", () => {
  const own = [...sources].filter(([, text]) => /function clientAction\b|\bclientAction =/.test(text));
  expect(own.map(([file]) => file)).toEqual([]);
});

test("nothing around a page is loaded again after a form that was refused or lost, and all of it as ever otherwise", () => {
  const after = (actionStatus?: number) => notAfterRefusal({ actionStatus, defaultShouldRevalidate: true } as never);
  expect([400, 404, 409, 503].map(after)).toEqual([false, false, false, false]);
  expect([undefined, 200].map(after)).toEqual([true, true]);
  const frames = ["root.tsx", "routes/admin.tsx"].filter((file) =>
    sources.get(file)?.includes("notAfterRefusal as shouldRevalidate"),
  );
  expect(frames).toEqual(["root.tsx", "routes/admin.tsx"]);
});
