import { setTimeout as delay } from "node:timers/promises";
import { test as base, type ConsoleMessage } from "@playwright/test";
import type { PresetName } from "./portal/presets";
import { RemoteControl } from "./portal/remote-control";
import { remoteStack, type Stack, startStack } from "./stack";

export { expect } from "@playwright/test";
export { administrator } from "./stack";

/** What a page reports while its server is away: polls that failed, or whose answer broke off. */
export const serverAway = /net::ERR_|^TypeError: network error$/;

/** Of a worker's fixture that starts servers or fills a deployment: on a busy machine that takes minutes. */
export const perWorker = { scope: "worker", timeout: 300_000 } as const;

interface Fixtures {
  patience: undefined;
  /** Console errors that a spec provokes on purpose: `test.use({ expectedProblems: [/…/] })`. */
  expectedProblems: RegExp[];
  /** The portal preset for this spec's tests only: `test.use({ portalPreset: "strict-fields" })`. */
  portalPreset: PresetName;
  kindOfPortal: undefined;
  mended: undefined;
  /** The portal by its control interface: the stack's own, or with BASE_URL the one that PORTAL_URL names. */
  portal: RemoteControl;
  noProblems: undefined;
  /** Waits for a mail to the address, the first or a later one, and returns its link and code. */
  mails: (to: string, number?: number) => Promise<{ subject: string; text: string; link: string; code: string }>;
}

/** Playwright's test with a deployment behind it, and an eye on every page's console. */
export const test = base.extend<Fixtures, { stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern.
    async ({}, use, { workerIndex }) => {
      const { BASE_URL } = process.env;
      if (BASE_URL) return use(remoteStack(BASE_URL));
      const stack = await startStack(`server-${workerIndex}`);
      try {
        await use(stack);
      } finally {
        await stack.stop();
      }
    },
    perWorker,
  ],

  baseURL: ({ stack }, use) => use(stack.baseURL),

  expectedProblems: [[], { option: true }],

  portalPreset: ["lenient", { option: true }],

  kindOfPortal: [
    async ({ stack, portalPreset }, use) => {
      if (portalPreset === "lenient") return use(undefined);
      const portal = new RemoteControl(stack.portalURL);
      const { preset } = await portal.state();
      await portal.applyPreset(portalPreset);
      await use(undefined);
      await portal.applyPreset(preset);
    },
    { auto: true },
  ],

  /** What a test breaks ends with it: the worker's next test has the same portal and mailbox. */
  mended: [
    // It needs the preset set before it, whose own faults are not the test's.
    async ({ stack, kindOfPortal: _ }, use) => {
      if (process.env.BASE_URL) return use(undefined);
      const mend = stack.portal.watchFaults();
      await use(undefined);
      mend();
      stack.mailbox.refuse(false);
    },
    { auto: true },
  ],

  /** Restored after each test, whether it passed or failed. */
  portal: async ({ stack }, use) => {
    const portal = new RemoteControl(stack.portalURL);
    await use(portal);
    await portal.clearFaults();
  },

  /** A running deployment limits registrations and sign-ins per address: the spec waits as long as it is told. */
  patience: [
    async ({ context }, use) => {
      if (process.env.BASE_URL)
        await context.route(
          () => true,
          async (route) => {
            if (route.request().method() !== "POST") return route.continue();
            let response = await route.fetch({ maxRedirects: 0 });
            while (response.status() === 429) {
              await delay(1_000 * Number(response.headers()["retry-after"] ?? 1));
              response = await route.fetch({ maxRedirects: 0 });
            }
            await route.fulfill({ response });
          },
        );
      await use(undefined);
    },
    { auto: true },
  ],

  mails: ({ stack }, use) =>
    use(async (to, number = 1) => {
      const found = () => stack.mailbox.mails.filter((mail) => mail.to.includes(to));
      await base.expect.poll(() => found().length, `mails to ${to}`).toBeGreaterThanOrEqual(number);
      const { subject = "", text = "" } = found()[number - 1] ?? {};
      const [link = ""] = /https?:\/\/\S+/.exec(text) ?? [];
      const [code = ""] = /\b\d{6}\b/.exec(text.replace(link, "")) ?? [];
      return { subject, text, link, code };
    }),

  /**
   * Without scripts a page that waits for something loads itself again, perhaps in the middle of a step to the next
   * page, which the browser then aborts: it is taken again.
   */
  page: async ({ page, javaScriptEnabled }, use) => {
    const goto = page.goto.bind(page);
    if (!javaScriptEnabled)
      page.goto = (url, options) =>
        goto(url, options).catch((error: unknown) => {
          if (!String(error).includes("net::ERR_ABORTED")) throw error;
          return goto(url, options);
        });
    await use(page);
  },

  /** A page that logs an error, throws, or breaks its own content security policy fails the spec. */
  noProblems: [
    async ({ context, expectedProblems }, use) => {
      const problems: string[] = [];
      context.on("console", (message) => {
        if (isProblem(message)) problems.push(`${message.text()} (${message.location().url})`);
      });
      context.on("weberror", (error) => {
        const problem = String(error.error());
        if (!cutAnswer.test(problem)) problems.push(problem);
      });
      await use(undefined);
      const unexpected = problems.filter((problem) => !expectedProblems.some((pattern) => pattern.test(problem)));
      base.expect(unexpected, "problems that the pages reported").toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * The aborted request for a page's data, cut off by a newer navigation, by loading the page again or by closing it: no page
 * waits for it. What catches it logs it; what does not, where the rest of an answer is cut that is shown already, throws it.
 */
export const cutAnswer = /^AbortError: BodyStreamBuffer was aborted/;

/**
 * Chromium also logs every answer of 400 and above; rejecting bad input is no fault of a page. Nor is that a site, busy for two
 * seconds or on its way back, does not call itself ready: the page asks again.
 */
function isProblem(message: ConsoleMessage): boolean {
  if (message.type() !== "error" || cutAnswer.test(message.text())) return false;
  const [, status = ""] = /^Failed to load resource: .* status of (\d+)/.exec(message.text()) ?? [];
  if (!status) return true;
  const { pathname } = new URL(message.location().url);
  return status.startsWith("4") ? pathname.startsWith("/assets/") : pathname !== "/readyz";
}
