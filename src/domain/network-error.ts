/** No whole answer came from the other side. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** False only where it is certain that nothing left this machine: a name that was not found, a connection that was refused. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, mayHaveArrived: boolean) {
    super(message);
    this.mayHaveArrived = mayHaveArrived;
  }
}
