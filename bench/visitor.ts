import { stampForm } from "../server/registration/form-guard";
import { LeanConnection } from "./lean-connection";
import type { NewPerson } from "./people";
import { sessionSecret } from "./product";

const form = "application/x-www-form-urlencoded";

/**
 * A visitor who costs the machine as little as possible, since the load shares its processors with what is measured:
 * connections are kept, and each form's stamp is made here instead of being read from a page.
 */
export class Visitor {
  readonly #open = new Set<LeanConnection>();
  #idle: LeanConnection[] = [];
  readonly #host: string;
  readonly #address: { hostname: string; port: number };

  constructor(site: string) {
    const { host, hostname, port } = new URL(site);
    this.#host = host;
    this.#address = { hostname, port: Number(port) };
  }

  /** Posts a form that has just been opened; throws where the person is not registered. */
  async register(person: NewPerson): Promise<void> {
    const status = await this.tryToRegister(person);
    if (status !== 302) throw new Error(`the registration was answered with ${status}`);
  }

  /** The status of the answer; 0 if there was none. */
  tryToRegister(person: NewPerson): Promise<number> {
    const fields = { ...person, website: "", _stamp: stampForm([sessionSecret]), _lang: "ru", consent: "on" };
    const body = new URLSearchParams(fields).toString();
    return this.#send("POST", "/register", body, form).catch(() => 0);
  }

  async open(path: string): Promise<void> {
    const status = await this.#send("GET", path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
  }

  /** Sets a person's payment as a program does; resolves with the status, 0 if there was no answer. */
  setPaid(token: string, userId: number, isPaid: boolean): Promise<number> {
    const body = JSON.stringify({ userId, isPaid });
    return this.#send("POST", "/api/users/update-payment", body, "application/json", token).catch(() => 0);
  }

  /** Posts an event as the portal does; resolves with the status. */
  sendEvent(body: string): Promise<number> {
    return this.#send("POST", "/api/bitrix24/events", body, form);
  }

  leave(): void {
    for (const connection of this.#open) connection.close();
  }

  /** The server may have closed one that was idle. */
  #connection(): LeanConnection {
    this.#idle = this.#idle.filter(({ isOpen }) => isOpen);
    const connection = this.#idle.pop() ?? new LeanConnection(this.#address);
    this.#open.add(connection);
    return connection;
  }

  async #send(method: string, path: string, body = "", type?: string, token?: string): Promise<number> {
    const connection = this.#connection();
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${this.#host}`,
      ...(type ? [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`] : []),
      ...(token ? [`Authorization: Bearer ${token}`] : []),
    ];
    try {
      return await connection.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
    } finally {
      if (connection.isOpen) this.#idle.push(connection);
      else this.#open.delete(connection);
    }
  }
}
