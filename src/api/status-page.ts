import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the status page, as it is sent. */
export interface PageFile {
  readonly route: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const files = [
  { route: '/', name: 'index.html', contentType: 'text/html; charset=utf-8' },
  { route: '/page.css', name: 'page.css', contentType: 'text/css; charset=utf-8' },
  { route: '/page.js', name: 'page.js', contentType: 'text/javascript; charset=utf-8' },
  { route: '/favicon.svg', name: 'favicon.svg', contentType: 'image/svg+xml' },
];

/** The files of the status page, read once when the server starts. */
export function readStatusPage(): readonly PageFile[] {
  return files.map(({ route, name, contentType }) => ({
    route,
    contentType,
    body: readFileSync(join(import.meta.dirname, 'page', name)),
  }));
}
