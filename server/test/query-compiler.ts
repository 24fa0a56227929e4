import { QueryCompiler as Compiler } from "@prisma/client/runtime/query_compiler_fast_bg.postgresql.js";

/**
 * Prisma's query compiler with a memory: vitest.config.ts puts this module in its place. Each test has a client of its
 * own, which would compile the same queries anew; a seventh of the processor's time of the tests with a portal went there.
 * A plan depends on the query, the data model and the schema's name, and is only read.
 */
export * from "@prisma/client/runtime/query_compiler_fast_bg.postgresql.js";

/** The plans of all clients of this process that were made with the same options. */
const plansOf = new Map<string, Map<string, object>>();

export class QueryCompiler {
  readonly #options: object;
  readonly #plans: Map<string, object>;
  /** Made when a query comes that no client has compiled. */
  #compiler: Compiler | undefined;

  constructor(options: object) {
    this.#options = options;
    const key = JSON.stringify(options);
    const plans = plansOf.get(key) ?? new Map<string, object>();
    plansOf.set(key, plans);
    this.#plans = plans;
  }

  compile(query: string): object {
    // Prisma does not keep these either: there is one for each number of rows.
    if (query.includes('"action":"createMany')) return this.#made().compile(query);
    return this.#once(query, (compiler) => compiler.compile(query));
  }

  compileBatch(batch: string): object {
    return this.#once(`batch ${batch}`, (compiler) => compiler.compileBatch(batch));
  }

  free(): void {
    this.#compiler?.free();
    this.#compiler = undefined;
  }

  #once(key: string, compile: (compiler: Compiler) => object): object {
    let plan = this.#plans.get(key);
    if (!plan) {
      plan = compile(this.#made());
      this.#plans.set(key, plan);
    }
    return plan;
  }

  #made(): Compiler {
    this.#compiler ??= new Compiler(this.#options);
    return this.#compiler;
  }
}
