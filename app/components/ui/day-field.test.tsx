import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { DayField } from "./day-field";

test("without a script a day is a text, so that what is no day reaches the server and comes back", () => {
  const html = renderToStaticMarkup(
    <DayField label="Приезд" name="day" defaultValue="31.02.2027" problems={["date"]} example="26.11.2026" />,
  );
  expect(html).toContain('type="text"');
  expect(html).toContain('value="31.02.2027"');
});
