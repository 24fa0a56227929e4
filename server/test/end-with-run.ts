// A worker whose run was killed would go on with its file, and leave what a test without an end holds. Vitest replaces
// process.exit, and there is nobody to report to: folders and servers are removed by their watchers.
function endWithRun() {
  process.kill(process.pid, "SIGKILL");
}

// This file is read anew with each test file of the process.
if (!process.listeners("disconnect").some(({ name }) => name === endWithRun.name))
  process.once("disconnect", endWithRun);
