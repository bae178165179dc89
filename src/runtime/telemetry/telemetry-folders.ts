import { join } from 'node:path';

/** Where a run's folder keeps what is told of it: log lines, spans, and the audit log. */
export const logFolder = (folder: string): string => join(folder, 'logs');
export const auditFolder = (folder: string): string => join(folder, 'logs', 'audit');
export const spanFolder = (folder: string): string => join(folder, 'traces');
