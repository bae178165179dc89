/** Raised where the thread that ran a job is gone without an answer: no fault of the job, another one takes it up. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}
