import v8 from "node:v8";
import { runInNewContext } from "node:vm";
import { elapsedMs } from "./elapsed";

/**
 * For a process that runs for long. V8 compiles busy functions of WebAssembly, here those of Prisma's query compiler, a second
 * time for speed. That takes up to 95 MB, which the allocator keeps, and gains nothing, because Prisma compiles each kind of
 * query once. Call it before the first query.
 */
export function compileWasmOnce(): void {
  for (const flag of ["--no-wasm-dynamic-tiering", "--no-wasm-tier-up"]) v8.setFlagsFromString(flag);
}

const lookEveryMs = 2_500;

/**
 * Gives memory back that the start or a burst of work has left behind: V8 collects garbage when it needs room, so a process
 * at rest keeps all that it ever needed.
 */
export function releaseMemoryAtRest(): void {
  const collect = garbageCollector();
  const watch = new RestWatch();
  let before = { at: elapsedMs(), cpu: process.cpuUsage() };
  setInterval(() => {
    const now = { at: elapsedMs(), cpu: process.cpuUsage() };
    const share = (microseconds(now.cpu) - microseconds(before.cpu)) / 1_000 / (now.at - before.at);
    before = now;
    if (!watch.isWorthCollecting(share, v8.getHeapStatistics().total_heap_size)) return;
    collect();
    watch.noteCollection(v8.getHeapStatistics().used_heap_size);
  }, lookEveryMs).unref();
}

const microseconds = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** The share of one processor's time since the last look: on a busy machine waiting for a processor is no work. */
const restBelow = 0.1;
/** Less is not worth a pause. */
const worthBytes = 8 * 1_024 * 1_024;
/**
 * The last ones shrink the space for new objects: V8 does so if little was allocated in the five seconds before. Where the
 * heap stays large nevertheless, more would not help.
 */
const collectionsPerRest = 4;

/** Decides when to collect. It pauses the process for 50 to 100 milliseconds: hence only at rest, and only for a gain. */
export class RestWatch {
  #left = collectionsPerRest;
  #live = 0;

  isWorthCollecting(processorShare: number, heapBytes: number): boolean {
    if (processorShare > restBelow) this.#left = collectionsPerRest;
    return processorShare <= restBelow && this.#left > 0 && heapBytes > this.#live + worthBytes;
  }

  noteCollection(liveBytes: number): void {
    this.#left--;
    this.#live = liveBytes;
  }
}

/** Node has it only for contexts that are made while this option is set. */
function garbageCollector(): () => void {
  v8.setFlagsFromString("--expose-gc");
  const collect: (options?: object) => void = runInNewContext("gc");
  v8.setFlagsFromString("--no-expose-gc");
  // From Node 22 on only this one hands free pages back. Node 20 does so with the plain one, and takes options for a minor one.
  const handsBack = Number.parseInt(process.versions.v8, 10) >= 12;
  return () => (handsBack ? collect({ type: "major", execution: "sync", flavor: "last-resort" }) : collect());
}
