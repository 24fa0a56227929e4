import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ifAbandoned } from "../platform/if-abandoned";
import { selfSigned } from "./certificate";
import { claimPort } from "./claim-port";
import { makeTestFolder, removeTestFolder } from "./folders";

/** A proxy of the system's packages in front of a server, set up as the documentation says. */
export interface TestProxy {
  /** What visitors type; the certificate is its own. */
  origin: string;
  /** What visitors type who leave out the protocol; Caddy is run without it. */
  plainOrigin: string;
  ask(path: string, options?: AskOptions): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
}

interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Pieces are sent without a length in advance. */
  body?: string | string[];
}

const programs = {
  nginx: { path: "/usr/sbin/nginx", debian: "nginx-light" },
  caddy: { path: "/usr/bin/caddy", debian: "caddy" },
} as const;
export type ProxyName = keyof typeof programs;

/** The example of docs/proxies.md, word for word. */
export function documentedConfig(name: ProxyName): string {
  const language = { nginx: "nginx", caddy: "caddyfile" }[name];
  const page = readFileSync(join(import.meta.dirname, "../../docs/proxies.md"), "utf8");
  const example = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (!example) throw new Error(`docs/proxies.md has no example for ${name}`);
  return example;
}

/**
 * Runs the configuration on a free port and a certificate of its own; all else stays as it is. A machine without the
 * program fails, and says what to do.
 */
export async function startProxy(name: ProxyName, config: string, upstream: (origin: string) => Promise<string>) {
  const { path, debian } = programs[name];
  if (!existsSync(path))
    throw new Error(
      `There is no ${name}. Install it (Debian: apt-get install ${debian}); npm test does so where it may.`,
    );
  const folder = makeTestFolder();
  const { key, cert } = selfSigned();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const port = await claimPort();
  const plainPort = await claimPort();
  const origin = `https://localhost:${port}`;
  const target = await upstream(origin);
  const file = join(folder, "config");
  const local = config.replaceAll("127.0.0.1:3000", target).replaceAll("register.example.com", "localhost");
  writeFileSync(
    file,
    (name === "nginx" ? nginxFile : caddyFile)(local, { folder, port, plainPort, certFile, keyFile }),
  );
  const args =
    name === "nginx" ? ["-p", folder, "-c", file, "-e", "stderr"] : ["run", "--config", file, "--adapter", "caddyfile"];
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(path, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  // A run that is killed would leave it, and the port with it.
  const ended = ifAbandoned('kill "$1"', [String(child.pid ?? "")]);
  const said = text(child.stderr);
  const proxy: TestProxy = {
    origin,
    plainOrigin: `http://localhost:${plainPort}`,
    ask: (path, options) => ask(port, path, options),
    stop: async () => {
      await stop(child);
      ended();
      removeTestFolder(folder);
    },
  };
  const died = once(child, "exit").then(async () => Promise.reject(new Error(await said)));
  await Promise.race([untilItAnswers(proxy), died]).catch(async (error) => {
    await proxy.stop();
    throw error;
  });
  died.catch(() => {});
  return proxy;
}

interface Place {
  folder: string;
  port: number;
  plainPort: number;
  certFile: string;
  keyFile: string;
}

const nginxFile = (config: string, { folder, port, plainPort, certFile, keyFile }: Place) => `
  daemon off; pid ${folder}/pid; error_log stderr warn; user root;
  events {}
  http {
    access_log off;
    client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
    ${config
      .replace("listen 80;", `listen 127.0.0.1:${plainPort};`)
      .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${certFile};`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${keyFile};`)}
  }`;

/**
 * With a certificate authority of its own, which nobody is asked to trust. Without HTTP/3, which would listen on the socket
 * that claims the port.
 */
const caddyFile = (config: string, { port }: Place) =>
  `{
 admin off
 skip_install_trust
 auto_https disable_redirects
 servers {
  protocols h1 h2
 }
}
${config.replace(
  /^localhost \{/m,
  `localhost:${port} {
 tls internal`,
)}`;

async function untilItAnswers(proxy: TestProxy): Promise<void> {
  for (;;) {
    try {
      await proxy.ask("/healthz");
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function open(port: number, path: string, { method = "GET", headers = {}, body }: AskOptions) {
  const sent = request({
    host: "127.0.0.1",
    servername: "localhost",
    port,
    path,
    method,
    rejectUnauthorized: false,
    headers: { host: `localhost:${port}`, ...headers },
  });
  if (typeof body === "string") sent.end(body);
  else {
    for (const piece of body ?? []) sent.write(piece);
    sent.end();
  }
  return sent;
}

async function ask(port: number, path: string, options: AskOptions = {}) {
  const sent = open(port, path, options);
  const [answer] = await once(sent, "response");
  return { status: answer.statusCode as number, text: await text(answer) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}
