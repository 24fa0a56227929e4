import { type SpawnOptions, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Runs a shell script if this process ends without having called what is returned: killed by SIGKILL, say. A shell reads
 * from a pipe that only this process holds; a word means that all is well, the pipe's end without one that the process has died.
 * Nothing happens on Windows, which has no such shell.
 */
export function ifAbandoned(
  script: string,
  args: string[],
  account: Pick<SpawnOptions, "uid" | "gid"> = {},
): () => void {
  if (process.platform === "win32") return () => {};
  const child = spawn("/bin/sh", ["-c", `read -r said && exit 0\n${script}`, "sh", ...args], {
    ...account,
    cwd: "/",
    // In a session of its own: what ends our terminal's processes must not end it before it has run.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A shell that could not be started is missed only after a kill; it must hold up or end nothing before.
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as Socket).unref();
  return () => child.stdin.end("done\n");
}
