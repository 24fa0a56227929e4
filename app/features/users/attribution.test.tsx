import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { TagList } from "~/features/users/attribution";

const termsOf = (tags: Record<string, string>) =>
  [...renderToStaticMarkup(<TagList tags={tags} />).matchAll(/<dt[^>]*>([^<]*)<\/dt>/g)].map(([, term]) => term);

test("a visit's tags stand in the same order however the database keeps them, and unknown ones at the end", () => {
  const kept = { utm_term: "t", fbclid: "f", utm_medium: "cpc", utm_source: "google", utm_campaign: "c" };
  expect(termsOf(kept)).toEqual(["Источник", "Канал", "Кампания", "Запрос", "fbclid"]);
  expect(termsOf(Object.fromEntries(Object.entries(kept).reverse()))).toEqual(termsOf(kept));
});
