import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import lighthouse, { type Flags } from "lighthouse";
import { findBrowser } from "../tools/browser";

type Category = "performance" | "accessibility" | "best-practices" | "seo";

export interface Verdict {
  /** Of a hundred each. */
  scores: Partial<Record<Category, number>>;
  /** The audits that cost points, and what they are about. */
  faults: string[];
  /** Times in milliseconds, and the layout shift, by the audit's name. */
  measured: Record<string, number>;
}

/** A browser for Lighthouse besides Playwright: who is signed in in `context` is signed in on the pages that are audited. */
export interface AuditedBrowser {
  context: BrowserContext;
  audit(path: string, categories: Category[], flags?: Flags): Promise<Verdict>;
  close(): Promise<void>;
}

/** Lighthouse gives up a step after half a minute and says nothing of the page then, which a busy machine may cause. */
const tries = 5;
/** A busy machine may take its time until it shows something. */
const maxWaitForFcp = 240_000;

export async function openAuditedBrowser(baseURL: string): Promise<AuditedBrowser> {
  const profile = mkdtempSync(join(tmpdir(), "lighthouse-"));
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath ? { executablePath } : {}),
    // Chromium chooses the port and notes it in the profile.
    args: ["--remote-debugging-port=0", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    baseURL,
    locale: "en-US",
  });
  const [port] = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n");
  const base: Flags = { maxWaitForFcp, port: Number(port), logLevel: "silent", disableStorageReset: true };
  return {
    context,
    audit: async (path, onlyCategories, flags = {}) => {
      let verdict: Verdict | string = "";
      for (let attempt = 0; attempt < tries; attempt++) {
        verdict = await auditOnce(baseURL + path, { ...base, ...flags, onlyCategories });
        if (typeof verdict !== "string") return verdict;
      }
      throw new Error(`Lighthouse could not measure ${path}: ${verdict}`);
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** The verdict, or why there is none. */
async function auditOnce(url: string, flags: Flags): Promise<Verdict | string> {
  const result = await lighthouse(url, flags);
  if (!result) return "no result";
  const { categories, audits, runtimeError } = result.lhr;
  if (runtimeError) return runtimeError.message;
  const failed = Object.values(audits).find(({ scoreDisplayMode }) => scoreDisplayMode === "error");
  if (failed) return `${failed.id}: ${failed.errorMessage}`;
  const all = Object.values(categories);
  const lossy = all
    .flatMap(({ auditRefs }) => auditRefs)
    .flatMap(({ id, weight }) => (weight > 0 && (audits[id]?.score ?? 1) < 1 ? (audits[id] ?? []) : []));
  return {
    scores: Object.fromEntries(all.map(({ id, score }) => [id, Math.round((score ?? 0) * 100)])),
    faults: lossy.map(
      ({ id, title, displayValue = "", details }) =>
        `${id}: ${title} ${displayValue} ${JSON.stringify(details && "items" in details ? details.items : []).slice(0, 500)}`,
    ),
    measured: Object.fromEntries(
      Object.values(audits).flatMap(({ id, numericValue }) => (numericValue === undefined ? [] : [[id, numericValue]])),
    ),
  };
}
