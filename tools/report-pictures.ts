import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { readNothing } from "../server/cli/usage";
import { ifAbandoned } from "../server/platform/if-abandoned";
import { ensureBrowser } from "./browser";
import { ensurePrismaClient } from "./prisma-client";
import { root, runTool } from "./run";

/**
 * `npm run pictures:report`: the pictures of Playwright's report in docs/pictures. The first spec of e2e/README.md is made
 * to fail, as that page asks its readers to do, so that they see what they will have before them.
 */
readNothing("Usage: npm run pictures:report");
const wrong = join(root, "e2e/report-picture.spec.ts");
const report = mkdtempSync(join(tmpdir(), "report-picture-"));
/** Small enough to be shown beside text, and below 80 kB. */
const size = { width: 800, height: 560 };
/** The field for searching above the test is not what this is about. */
const search = 64;

async function makeReport(): Promise<void> {
  const spec = readFileSync(join(root, "e2e/mandatory-field.spec.ts"), "utf8");
  writeFileSync(wrong, spec.replace('getByText("Tax number")', 'getByText("Tax code")'));
  const env = { BASE_URL: undefined, PLAYWRIGHT_HTML_OUTPUT_DIR: report };
  const args = ["test", "report-picture", "--project", "desktop", "--reporter", "list,html"];
  if ((await runTool("playwright", args, { env })) === 0) throw new Error("The spec that was to fail has passed.");
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** The viewer of traces needs an address: it does not work from a file. */
async function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const path = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
    createReadStream(path)
      .on("error", () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

async function takePictures(browser: Browser, address: string): Promise<void> {
  const page = await browser.newPage({ viewport: size, locale: "en-US", colorScheme: "light" });
  await page.goto(address);
  await page
    .getByRole("link", { name: /demands of deals/ })
    .first()
    .click();
  await page.getByText("Test Steps").first().waitFor();
  await page.setViewportSize({ ...size, height: search + size.height });
  const clip = { ...size, x: 0, y: search };
  await page.screenshot({ path: join(root, "docs/pictures/report-test.png"), clip });
  await page.setViewportSize(size);

  await page.getByRole("tab", { name: "Retry #1" }).click();
  await page.getByRole("link", { name: "View Trace" }).first().click();
  await page.getByText('Expect "toBeVisible"').first().click();
  await page.getByText("Errors", { exact: true }).first().click();
  await page.screenshot({ path: join(root, "docs/pictures/report-trace.png") });
}

// Left behind by an interrupted run, the spec would fail in every later run of the suite.
const isDone = ifAbandoned('rm -rf "$@"', [wrong, report]);
const prepared = await ensurePrismaClient();
if (prepared) process.exit(prepared);
const executablePath = await ensureBrowser();
try {
  await makeReport();
  const server = await serve(report);
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  await takePictures(browser, `http://localhost:${(server.address() as AddressInfo).port}/`);
  await browser.close();
  server.close();
  server.closeAllConnections();
} finally {
  rmSync(wrong, { force: true });
  rmSync(report, { recursive: true, force: true });
  isDone();
}
