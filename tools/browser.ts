import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";
import { run, runTool } from "./run";

const isRoot = process.getuid?.() === 0;
/** The shell is Chromium without its window: it opens a page for a third of the processor's time, and shows none. */
const shell = "/usr/bin/chromium-headless-shell";
const withWindow = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Playwright's own switches by which a person wants to look on. */
const isWatched = process.argv.some((argument) => /^--(headed|ui|debug)\b/.test(argument));
const installed = isWatched ? withWindow : [shell, ...withWindow];

/** A browser that starts: the one that CHROMIUM_PATH names, Playwright's own, or the system's. */
export function findBrowser(): string | undefined {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  // Playwright's may be there without the system's libraries that it needs, so a file is no proof.
  return [chromium.executablePath(), ...installed].find(
    (path) => existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 60_000 }).status === 0,
  );
}

/** Finds a browser or installs one: Playwright's where it can be downloaded, else the system's package. */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  await runTool("playwright", ["install", "chromium"], { timeoutMs: 120_000 });
  // It came, but finds no libraries. Only root can help without being asked for a password.
  if (!findBrowser() && existsSync(chromium.executablePath()) && isRoot)
    await runTool("playwright", ["install-deps", "chromium"]);
  const downloaded = findBrowser();
  if (downloaded) return downloaded;
  await installPackage();
  const packaged = findBrowser();
  if (packaged) return packaged;
  throw new Error(
    "There is no Chromium, and none could be installed. Install one (Debian: apt-get install chromium), or name yours in CHROMIUM_PATH.",
  );
}

async function installPackage(): Promise<void> {
  // A fresh machine may still be installing its own updates; and sudo passes no environment on.
  const apt = (...args: string[]) => {
    const words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120", ...args];
    return isRoot ? run("env", words.slice(1)) : run("sudo", ["-n", ...words]);
  };
  const install = (name: string) => apt("install", "-y", "--no-install-recommends", name, "fonts-liberation");
  // Not every system has the shell apart.
  const installEither = async () =>
    (await install("chromium-headless-shell")) === 0 || (await install("chromium")) === 0;
  if (!existsSync("/usr/bin/apt-get")) return;
  // Without lists, or with old ones, the package is not to be found.
  if (!(await installEither()) && (await apt("update")) === 0) await installEither();
}
