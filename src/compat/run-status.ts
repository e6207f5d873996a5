/**
 * Where a run stands, as the old enum named it. Runs are stored and returned with the first six; the
 * last four are words of older writers, which `saveRun` takes and a filter understands: PENDING means
 * QUEUED, STARTED means RUNNING, COMPLETED means SUCCESS, TIMEOUT means FAILED.
 */
export const RunStatus = {
  QUEUED: 'QUEUED',
  RUNNING: 'RUNNING',
  SUCCESS: 'SUCCESS',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  RETRYING: 'RETRYING',
  PENDING: 'PENDING',
  STARTED: 'STARTED',
  COMPLETED: 'COMPLETED',
  TIMEOUT: 'TIMEOUT',
} as const;

/** One of the ten words. An object of constants and not an enum, so that Node runs it as it is. */
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];
