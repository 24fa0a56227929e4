// A worker whose run was killed would go on with its file, and leave what a test without an end holds. Vitest replaces
// process.exit, and there is nobody to report to: folders and servers are removed by their watchers.
process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
