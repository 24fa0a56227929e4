import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { installPackages, isRoot } from "./packages";
import { runTool } from "./run";

/** The shell is Chromium without its window: it opens a page for a third of the processor's time, and shows none. */
const shell = "/usr/bin/chromium-headless-shell";
const whole = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Playwright's own switches by which a person wants to look on. */
const isWatched = process.argv.some((argument) => /^--(headed|ui|debug)\b/.test(argument));

/**
 * A browser that starts: the one that CHROMIUM_PATH names, Playwright's own, or the system's. `isWhole`: one that heeds a
 * profile's preferences, which the shell does not.
 */
export function findBrowser({ isWhole = isWatched } = {}): string | undefined {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH && !(isWhole && CHROMIUM_PATH === shell)) return CHROMIUM_PATH;
  // Playwright's may be there without the system's libraries that it needs, so a file is no proof.
  return [chromium.executablePath(), ...(isWhole ? whole : [shell, ...whole])].find(
    (path) => existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 60_000 }).status === 0,
  );
}

/** Whether there can be videos: Playwright takes no ffmpeg but its own, which lies beside its own browsers. */
export function canFilm(): boolean {
  const folder = chromium.executablePath().replace(/[\\/]chromium[\w]*-\d+[\\/].*$/, "");
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith("ffmpeg-"));
}

/** Finds a browser or installs one: Playwright's where it can be downloaded, else the system's package. */
export async function ensureBrowser(): Promise<string> {
  // Some specs need a whole one besides the shell.
  const findBoth = () => (findBrowser({ isWhole: true }) ? findBrowser() : undefined);
  const found = findBoth();
  if (found) return found;
  await runTool("playwright", ["install", "chromium"], { timeoutMs: 120_000 });
  // It came, but finds no libraries. Only root can help without being asked for a password.
  if (!findBrowser() && existsSync(chromium.executablePath()) && isRoot)
    await runTool("playwright", ["install-deps", "chromium"]);
  const downloaded = findBoth();
  if (downloaded) return downloaded;
  await installPackages("chromium", "fonts-liberation");
  // Not every system has the shell apart; the whole browser does its work as well.
  await installPackages("chromium-headless-shell");
  const packaged = findBrowser();
  if (packaged) return packaged;
  throw new Error(
    "There is no Chromium, and none could be installed. Install one (Debian: apt-get install chromium), or name yours in CHROMIUM_PATH.",
  );
}
