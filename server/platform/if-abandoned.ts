import { type SpawnOptions, spawn } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Runs a shell script if this process ends without having called the returned function, for example by SIGKILL. The
 * shell reads from a pipe that only this process holds: a word means that all is well; an end of file without one means
 * that the process has died. Does nothing on Windows, which has no such shell.
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
    // In a session of its own: a signal to our terminal's processes must not end the shell before it has run.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A shell that cannot be started is missed only after a kill; it must not delay or end this process.
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  (child.stdin as Socket).unref();
  return () => child.stdin.end("done\n");
}
