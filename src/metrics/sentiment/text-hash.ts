/** The 32 bits that the FNV-1a hash makes of a text's UTF-16 units (Fowler, Noll and Vo). Not for secrets. */
export function textHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
