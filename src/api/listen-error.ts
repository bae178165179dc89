/** Raised where the status page cannot listen on the address asked for. Nothing else is tried. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /** The system's code: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, … */
  readonly code: string;

  constructor(host: string, port: number, code: string) {
    super(`the status page cannot listen on '${host}' port ${port}: ${reasonOf(code)}`);
    this.code = code;
  }
}

function reasonOf(code: string): string {
  if (code === 'EADDRINUSE') return 'another process listens there; choose another with --port, or 0 for any free one';
  if (code === 'EACCES') return 'the system does not allow it; choose a port above 1023';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'this machine has no such address; choose another --host';
  return `the system answered '${code}'`;
}
