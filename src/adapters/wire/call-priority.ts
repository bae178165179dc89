/** Reductions go first and may use the reserve; what is in the background goes last. */
export type CallPriority = 'reduction' | 'normal' | 'background';
