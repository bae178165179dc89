/** Bytes from the other side broke a bound or a form that everything of their kind keeps. The connection they came over is of no more use. */
export class WireError extends Error {
  override readonly name = 'WireError';
}
