import { performance } from "node:perf_hooks";
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
  let before = { at: elapsedMs(), cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
  setInterval(() => {
    const now = { at: elapsedMs(), cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
    const lasted = now.at - before.at;
    const look: Look = {
      processor: (microseconds(now.cpu) - microseconds(before.cpu)) / 1_000 / lasted,
      loop: performance.eventLoopUtilization(now.loop, before.loop).utilization,
      lateMs: lasted - lookEveryMs,
    };
    before = now;
    if (!watch.isWorthCollecting(look, v8.getHeapStatistics().total_heap_size)) return;
    collect();
    watch.noteCollection(v8.getHeapStatistics().used_heap_size);
    // The collection itself is no work.
    before = { at: elapsedMs(), cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
  }, lookEveryMs).unref();
}

const microseconds = ({ user, system }: NodeJS.CpuUsage): number => user + system;

/** What the process did since the last look. */
interface Look {
  /** The share of one processor's time. On a busy machine a process that waits for a processor uses little of it. */
  processor: number;
  /** The share of the time in which the event loop had something to do, waits for a processor included. */
  loop: number;
  /** How much later than planned the look comes: the loop was blocked, or the machine has no processor to spare. */
  lateMs: number;
}

const restBelow = 0.1;
/** On a machine that makes a process wait so long, a collection would take many times as long as it needs. */
const restLateMs = 100;
/** Bursts of work come with pauses of seconds: one quiet look is no rest. */
const looksOfRest = 2;
/** Less is not worth a pause. */
const worthBytes = 8 * 1_024 * 1_024;
/**
 * The last ones shrink the space for new objects: V8 does so if little was allocated in the five seconds before. Where the
 * heap stays large nevertheless, more would not help.
 */
const collectionsPerRest = 4;

/**
 * Decides when to collect. It pauses the process for 50 to 100 milliseconds, and much longer on a busy machine: hence only
 * at rest, and only for a gain.
 */
export class RestWatch {
  #left = collectionsPerRest;
  #live = 0;
  #quiet = 0;

  isWorthCollecting({ processor, loop, lateMs }: Look, heapBytes: number): boolean {
    const worked = Math.max(processor, loop) > restBelow;
    if (worked) this.#left = collectionsPerRest;
    this.#quiet = worked || lateMs > restLateMs ? 0 : this.#quiet + 1;
    return this.#quiet >= looksOfRest && this.#left > 0 && heapBytes > this.#live + worthBytes;
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
