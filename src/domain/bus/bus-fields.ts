import { z } from 'zod';

/** Fields that payloads of the bus share. Prices and sizes are decimal numbers, ratios fractions, instants ms UTC. */
export const symbolField = z.string().min(1);
/** Of a signal or a position. */
export const directionField = z.enum(['LONG', 'SHORT']);
/** Of an order or a fill. */
export const orderSideField = z.enum(['BUY', 'SELL']);
export const priceField = z.number().positive();
export const textField = z.string();
export const nameField = z.string().min(1);
/** A figure that does not exist on every desk; null says that it does not on this one. */
export const figureField = z.number().nullable();
export const figuresField = z.record(z.string(), z.number());
export const severityField = z.enum(['LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);
