/** The file that a worker thread loads to do the desk's jobs. */
export const jobFile: URL = new URL('./run-job.ts', import.meta.url);
