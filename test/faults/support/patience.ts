/** Programs that are started, killed and started again take their time on a busy machine. */
export const PATIENCE = { timeout: 300_000 };
