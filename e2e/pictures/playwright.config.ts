import { defineConfig, devices } from "@playwright/test";
import base from "../../playwright.config";

/** `npm run pictures`: every page in both languages, schemes and widths, one after the other on one stack. */
export default defineConfig({
  ...base,
  testDir: ".",
  testMatch: "take-pictures.ts",
  outputDir: "../../test-results/pictures",
  globalSetup: "../global-setup.ts",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: "list",
  projects: [{ name: "pictures", use: { ...devices["Desktop Chrome"] } }],
});
