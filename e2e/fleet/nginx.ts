import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTestFolder, removeTestFolder } from "../../server/test/folders";
import { expect } from "../fixtures";

const program = "/usr/sbin/nginx";

/** nginx of the system's packages before several web processes, set up as docs/operations.md says. */
export class Nginx {
  readonly port: number;
  readonly #folder = makeTestFolder();
  readonly #targets: number[];
  #child: ChildProcess | undefined;

  private constructor(port: number, targets: number[]) {
    this.port = port;
    this.#targets = targets;
  }

  /** Start it after its targets: one that refuses connections is left alone for ten seconds. A machine without nginx fails. */
  static async start(port: number, targets: number[]): Promise<Nginx> {
    if (!existsSync(program))
      throw new Error(
        "There is no nginx. Install it (Debian: apt-get install nginx-light); npm test does so where it may.",
      );
    const nginx = new Nginx(port, targets);
    nginx.#write();
    nginx.#child = spawn(program, ["-p", nginx.#folder, "-c", nginx.#config, "-e", "stderr"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    await expect.poll(() => nginx.#answers()).toBe(true);
    return nginx;
  }

  /** Sends nothing to this process from now on; without one, to all again. Resolves when no request may still go there. */
  async leaveOut(port?: number): Promise<void> {
    const before = this.#workers();
    this.#write(port);
    this.#child?.kill("SIGHUP");
    await expect.poll(() => this.#workers().some((pid) => before.includes(pid))).toBe(false);
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    }
    removeTestFolder(this.#folder);
  }

  get #config(): string {
    return join(this.#folder, "nginx.conf");
  }

  /** The processes that pass requests on, old ones included while they finish. */
  #workers(): string[] {
    const pid = this.#child?.pid;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  }

  async #answers(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/healthz`).then(
      () => true,
      () => false,
    );
  }

  #write(down?: number): void {
    const servers = this.#targets.map((port) => `server 127.0.0.1:${port}${port === down ? " down" : ""};`);
    const user = process.getuid?.() === 0 ? "user root;" : "";
    const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${this.#folder}/${name};`,
    );
    writeFileSync(
      this.#config,
      `daemon off; pid ${this.#folder}/pid; error_log stderr crit; worker_processes 1; ${user}
       events {}
       http {
         access_log off; ${places.join(" ")}
         # A browser opens connections in advance; one without a request would keep an old worker for a minute.
         client_header_timeout 3s;
         upstream registration { ${servers.join(" ")} }
         server {
           listen 127.0.0.1:${this.port};
           location /assets/ {
             proxy_pass http://registration;
             proxy_http_version 1.1;
             proxy_set_header Connection "";
             proxy_next_upstream error timeout http_404;
           }
           location / {
             proxy_pass http://registration;
             proxy_http_version 1.1;
             proxy_set_header Connection "";
             proxy_set_header Host $http_host;
             proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
             proxy_set_header X-Forwarded-Proto $scheme;
           }
         }
       }`,
    );
  }
}
