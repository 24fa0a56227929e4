import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { TagAmounts } from "~/features/statistics/amount-table";
import { statisticsTexts } from "~/features/statistics/texts";

const { amounts, campaign, source } = statisticsTexts.en;
const row = { all: 98, paid: 49, revenue: 49 };

test.each([
  { caption: amounts.sources, heading: source, rows: [{ source: "google", campaign: null, ...row }] },
  { caption: amounts.campaigns, heading: campaign, rows: [{ source: "google", campaign: "spring", ...row }] },
])("the table “$caption” says in its first column's head what it lists", (props) => {
  const [head] = /<th[^>]*>([^<]*)<\/th>/.exec(renderToStaticMarkup(<TagAmounts {...props} />))?.slice(1) ?? [];
  expect(head).toBe(props.heading);
});
