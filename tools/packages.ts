import { existsSync } from "node:fs";
import { run } from "./run";

export const isRoot = process.getuid?.() === 0;

/** Installs packages of the system where that can be done without a password: Debian and its like, as root or by sudo. */
export async function installPackages(...names: string[]): Promise<void> {
  // A fresh machine may still be installing its own updates; and sudo passes no environment on.
  const apt = (...args: string[]) => {
    const words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120", ...args];
    return isRoot ? run("env", words.slice(1)) : run("sudo", ["-n", ...words]);
  };
  const install = () => apt("install", "-y", "--no-install-recommends", ...names);
  if (!existsSync("/usr/bin/apt-get")) return;
  // Without lists, or with old ones, the package is not to be found.
  if ((await install()) !== 0 && (await apt("update")) === 0) await install();
}

/** Programs of the system that tests run, and the packages that have them. */
const programs = [
  ["/usr/sbin/nginx", "nginx-light"],
  ["/usr/bin/caddy", "caddy"],
  ["/usr/sbin/pgbouncer", "pgbouncer"],
] as const;

/** Installs what is missing of the programs that tests run. Without one of them its tests fail, and say so. */
export async function ensurePrograms(): Promise<number> {
  const missing = programs.filter(([program]) => !existsSync(program)).map(([, name]) => name);
  // One by one: apt installs none of several packages if it does not know one of them.
  for (const name of missing) await installPackages(name);
  for (const [program, name] of programs)
    if (!existsSync(program))
      console.error(
        `There is no ${program}, and it could not be installed. Install it (Debian: apt-get install ${name}).`,
      );
  return 0;
}
