import { setTimeout as delay } from "node:timers/promises";
import { type Product, type ProductOptions, startProduct, stopProduct } from "./product";

type Name = "web" | "worker 1" | "worker 2";
const names: Name[] = ["web", "worker 1", "worker 2"];

/** A web server and two workers that compete, each killed and started again as a supervisor would. */
export class Fleet {
  readonly #options: Omit<ProductOptions, "role">;
  readonly #processes = new Map<Name, Product>();

  private constructor(options: Omit<ProductOptions, "role">) {
    this.#options = options;
  }

  static async start(options: Omit<ProductOptions, "role"> & { port: number }): Promise<Fleet> {
    const fleet = new Fleet(options);
    for (const name of names) await fleet.#start(name);
    return fleet;
  }

  get site(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** SIGKILL to one of the three in turn; it is back at once. */
  async killOne(turn: number): Promise<Name> {
    const name = names[turn % names.length] as Name;
    await this.#kill(name);
    await this.#start(name);
    return name;
  }

  /** Starts those again that have ended by themselves, as a supervisor would; their names. */
  async revive(): Promise<Name[]> {
    const ended = names.filter((name) => (this.#processes.get(name)?.child.exitCode ?? null) !== null);
    for (const name of ended) await this.#start(name);
    return ended;
  }

  /** Both workers one after the other, so that the one that leads is among them. */
  async freezeWorkers(ms: number): Promise<void> {
    for (const name of ["worker 1", "worker 2"] as const) {
      const { child } = this.#processes.get(name) as Product;
      child.kill("SIGSTOP");
      await delay(ms);
      child.kill("SIGCONT");
    }
  }

  async stop(): Promise<void> {
    for (const name of names) await this.#kill(name);
  }

  async #start(name: Name): Promise<void> {
    const role = name === "web" ? "web" : "worker";
    // Workers listen nowhere.
    this.#processes.set(name, await startProduct({ ...this.#options, role }));
  }

  async #kill(name: Name): Promise<void> {
    const product = this.#processes.get(name);
    if (product) await stopProduct(product);
  }
}
