declare module "@prisma/client/runtime/query_compiler_fast_bg.postgresql.js" {
  export class QueryCompiler {
    constructor(options: object);
    compile(query: string): object;
    compileBatch(batch: string): object;
    free(): void;
  }
}
