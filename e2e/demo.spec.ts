import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { ifAbandoned } from "../server/platform/if-abandoned";
import { claimPort } from "../server/test/claim-port";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { root } from "../tools/run";
import { register, signIn } from "./people";

// What `npm run demo` promises, on ports and in a folder of its own.

interface Demo {
  process: ChildProcess;
  output: string;
  site: string;
  portal: string;
}

async function startDemo(dataDir: string): Promise<Demo> {
  const [PORT, PORTAL_PORT] = await Promise.all([claimPort(), claimPort()]);
  const child = spawn(process.execPath, ["--import", "tsx", "tools/demo.ts"], {
    cwd: root,
    env: {
      ...process.env,
      HOST: "127.0.0.1",
      PORT: String(PORT),
      PORTAL_PORT: String(PORTAL_PORT),
      DATA_DIR: dataDir,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.once("exit", ifAbandoned('kill -KILL "$1"', [String(child.pid)]));
  const demo = {
    process: child,
    output: "",
    site: `http://localhost:${PORT}`,
    portal: `http://127.0.0.1:${PORTAL_PORT}`,
  };
  child.stdout.on("data", (text) => {
    demo.output += text;
  });
  await expect.poll(() => demo.output).toContain("Ctrl-C ends all of it");
  return demo;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

const running = async ({ site, portal }: Demo, dataDir: string) => {
  const database = Number(readFileSync(join(dataDir, "postgres/port"), "utf8"));
  return Promise.all([Number(new URL(site).port), Number(new URL(portal).port), database].map(isOpen));
};

/** The portal's deals, as its control interface tells them. */
async function dealsOf({ portal }: Demo) {
  const answer = await fetch(`${portal}/control/state`);
  const state = (await answer.json()) as { deals: { id: number; originId: string; stageId: string }[] };
  return state.deals.map(({ id, originId, stageId }) => ({ id, originId, stageId }));
}

/** A manager of the portal moves the deal on. */
async function win(manager: Page, { portal }: Demo, dealId: number | undefined): Promise<void> {
  await manager.goto(portal);
  const deal = manager.locator(`[data-deal-id='${dealId}']`);
  // The page is not updated under the hands of a person.
  await deal.getByLabel("Stage").focus();
  await deal.getByLabel("Stage").selectOption("WON");
  await deal.getByRole("button", { name: "Move" }).click();
}

const seesPayment = (person: Page) =>
  expect(async () => {
    await person.reload();
    await expect(person.getByText("Paid", { exact: true })).toBeVisible({ timeout: 1_000 });
  }).toPass();

const passwordIn = ({ output }: Demo) => /admin@example\.com +(\S+)/.exec(output)?.[1] ?? "";

test("the demo answers, goes both ways, and ends with all it started, killed or asked", {
  tag: ["@stack", "@desktop"],
}, async ({ browser }) => {
  const folder = makeTestFolder();
  const dataDir = join(folder, "data");
  const demos: Demo[] = [];
  const start = async () => {
    const demo = await startDemo(dataDir);
    demos.push(demo);
    return demo;
  };
  const visit = (demo: Demo) => browser.newPage({ baseURL: demo.site, locale: "en-US" });
  try {
    const first = await start();
    expect(await running(first, dataDir)).toEqual([true, true, true]);
    expect(passwordIn(first)).toHaveLength(12);

    const person = await visit(first);
    await register(person);
    await expect(person.locator("[data-crm-state=synced]")).toBeVisible();
    const [deal] = await dealsOf(first);
    expect(deal).toMatchObject({ id: 7001, stageId: "NEW" });

    // A manager of the portal wins the deal: the person has paid.
    const manager = await visit(first);
    await win(manager, first, deal?.id);
    await seesPayment(person);

    // An administrator of the site takes it back: the deal is open again.
    const administrator = await visit(first);
    await administrator.goto("/login");
    await signIn(administrator, { email: "admin@example.com", password: passwordIn(first) });
    await expect(administrator).toHaveURL("/account");
    const userId = Number(deal?.originId.replace("user-", ""));
    const answer = await administrator.request.post("/api/users/update-payment", { data: { userId, isPaid: false } });
    expect(answer.status()).toBe(200);
    await expect(manager.locator("[data-deal-id='7001']")).toHaveAttribute("data-stage-id", "NEW");
    await expect.poll(() => readFileSync(join(dataDir, "portal.json"), "utf8")).toContain("Not paid");

    first.process.kill("SIGKILL");
    await expect.poll(() => running(first, dataDir)).toEqual([false, false, false]);

    const second = await start();
    expect(passwordIn(second)).toBe(passwordIn(first));
    expect(await dealsOf(second)).toEqual([deal]);
    const next = await visit(second);
    await register(next);
    await expect(next.locator("[data-crm-state=synced]")).toBeVisible();
    const ids = (await dealsOf(second)).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);

    // The portal that was restored tells the site as well.
    await win(
      manager,
      second,
      ids.find((id) => id !== deal?.id),
    );
    await seesPayment(next);

    second.process.kill("SIGINT");
    const [code] = await once(second.process, "exit");
    expect(code).toBe(0);
    expect(await running(second, dataDir)).toEqual([false, false, false]);
  } finally {
    for (const { process: child } of demos) child.kill("SIGKILL");
    removeTestFolder(folder);
  }
});
