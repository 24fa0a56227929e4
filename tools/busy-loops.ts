import { spawn } from "node:child_process";

/** In short turns, so that it notices the end of its pipe and never outlives the process that started it. */
const loop = `
  process.stdin.on("end", () => process.exit()).resume();
  (function spin() {
    for (const until = Date.now() + 200; Date.now() < until; );
    setImmediate(spin);
  })();
`;

/** Keeps so many processors busy until the function that it returns is called. */
export function startBusyLoops(count: number): () => void {
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ["--eval", loop], { stdio: ["pipe", "ignore", "ignore"] }),
  );
  return () => {
    for (const child of children) child.kill();
  };
}
