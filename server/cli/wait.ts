/** Where another process changes the tables, or needs them to stay: a command that says nothing seems to hang. */
export const tellWait = (): void => console.error("waiting for migrations, a backup or a restore by another process");
