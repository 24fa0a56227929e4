import { text } from "node:stream/consumers";
import { renderToPipeableStream } from "react-dom/server";
import { expect, test } from "vitest";
import { withoutNul } from "./without-nul.server";

/** The page as it is sent. */
async function sent(page: React.ReactElement): Promise<string> {
  const body = withoutNul();
  renderToPipeableStream(page).pipe(body);
  return text(body);
}

test("a letter of several bytes at the end of React's buffer leaves no trace of the cut", async () => {
  for (const before of [0, 1, 2, 3]) {
    const value = "я".repeat(600);
    const page = (
      <p title={"a".repeat(before)}>
        <input defaultValue={value} />
        <input defaultValue={value} />
        <b>{value}</b>
      </p>
    );
    const html = await sent(page);
    expect(html).not.toContain("\0");
    expect(html.match(/я{600}/g)).toHaveLength(3);
  }
});
