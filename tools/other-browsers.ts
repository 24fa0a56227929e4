import { existsSync } from "node:fs";
import { devices, firefox, webkit } from "@playwright/test";

const others = {
  firefox: { device: devices["Desktop Firefox"], installedAt: () => firefox.executablePath() },
  webkit: { device: devices["Desktop Safari"], installedAt: () => webkit.executablePath() },
};

const isOther = (name: string): name is keyof typeof others => Object.hasOwn(others, name);

/**
 * Projects of the browsers that are asked for beside Chromium, `BROWSERS="firefox webkit"`. Only Playwright's own ones do,
 * so one that is missing is said at once, rather than by each test.
 */
export function otherBrowsers(asked = "", isThere: (path: string) => boolean = existsSync) {
  return asked
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((name) => {
      if (!isOther(name)) throw new Error(`BROWSERS: ${name} is none of ${Object.keys(others).join(", ")}.`);
      const { device, installedAt } = others[name];
      if (!isThere(installedAt()))
        throw new Error(`BROWSERS: ${name} is missing; npx playwright install ${name} brings it.`);
      // Of Chromium's own.
      return { name, use: { ...device, launchOptions: {} } };
    });
}
