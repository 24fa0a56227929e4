import { availableParallelism } from "node:os";
import { defineConfig, devices } from "@playwright/test";
import { canFilm, findBrowser } from "./tools/browser";
import { otherBrowsers } from "./tools/other-browsers";

// The runner's workers read this file as well, without the runner's own switches: they inherit what it has found.
const executablePath = findBrowser();
if (executablePath) process.env.CHROMIUM_PATH = executablePath;
const { BASE_URL, PORTAL_URL, BROWSERS, CI } = process.env;
/** What a deployment cannot offer: processes that can be killed and a database; a portal only if its address is given. */
const beyondReach = PORTAL_URL ? /@stack/ : /@stack|@portal/;
const phoneOnly = PORTAL_URL ? /@stack|@desktop/ : /@stack|@portal|@desktop/;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/playwright",
  globalSetup: "./e2e/global-setup.ts",
  fullyParallel: true,
  forbidOnly: Boolean(CI),
  // To trace and film every test would cost a third of the time, so the second run of a failed one is. It mends nothing:
  // a test that fails once fails the run.
  retries: 1,
  failOnFlakyTests: true,
  // A busy machine is no failure: what is waited for decides, not how long it took.
  // A running deployment may besides let nobody register for up to a minute who has done so often.
  timeout: 1_800_000,
  expect: { timeout: 120_000 },
  // A deployment has one portal, and what is broken for one spec is broken for all.
  // Elsewhere specs wait for the site and the portal more than they compute.
  workers: BASE_URL && PORTAL_URL ? 1 : BASE_URL ? 2 : Math.max(3, availableParallelism()),
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }], ["html", { open: "never" }]],
  ...(BASE_URL ? { grepInvert: beyondReach } : {}),
  use: {
    // What is not there after so long is not going to be: better said than at the end of the test's own limit.
    actionTimeout: 120_000,
    screenshot: "only-on-failure",
    trace: "on-first-retry",
    video: canFilm() ? "on-first-retry" : "off",
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        // Chromium has no sandbox for root, which containers and CI usually are.
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop", use: { ...devices["Desktop Chrome"] } },
    { name: "phone", use: { ...devices["Pixel 7"] }, grepInvert: BASE_URL ? phoneOnly : /@desktop/ },
    ...otherBrowsers(BROWSERS),
  ],
});
