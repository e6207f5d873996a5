import type { Suite } from './subject.ts';
import { describeCancel } from './themes/cancel.ts';
import { describeChanges } from './themes/changes.ts';
import { describeClaim } from './themes/claim.ts';
import { describeConcurrency } from './themes/concurrency.ts';
import { describeDelete } from './themes/delete.ts';
import { describeDeleteMany } from './themes/delete-many.ts';
import { describeDurability } from './themes/durability.ts';
import { describeFilter } from './themes/filter.ts';
import { describeFind } from './themes/find.ts';
import { describeFollow } from './themes/follow.ts';
import { describeHistory } from './themes/history.ts';
import { describeImportedFiles } from './themes/imported-files.ts';
import { describeLedger } from './themes/ledger.ts';
import { describeList } from './themes/list.ts';
import { describeMoving } from './themes/moving.ts';
import { describeOwnership } from './themes/ownership.ts';
import { describePaging } from './themes/paging.ts';
import { describePortClosed } from './themes/port-closed.ts';
import { describePortRead } from './themes/port-read.ts';
import { describePortTransaction } from './themes/port-transaction.ts';
import { describePortWrite } from './themes/port-write.ts';
import { describeQuarantine } from './themes/quarantine.ts';
import { describeRetry } from './themes/retry.ts';
import { describeRetryEnd } from './themes/retry-end.ts';
import { describeSamples } from './themes/samples.ts';
import { describeSave } from './themes/save.ts';
import { describeSaveMany } from './themes/save-many.ts';
import { describeSearch } from './themes/search.ts';
import { describeStates } from './themes/states.ts';
import { describeStatistics } from './themes/statistics.ts';
import { describeStream } from './themes/stream.ts';
import { describeTransaction } from './themes/transaction.ts';
import { describeTransactionLimits } from './themes/transaction-limits.ts';
import { describeTransitions } from './themes/transitions.ts';
import { describeTrimming } from './themes/trimming.ts';
import { describeValidation } from './themes/validation.ts';

/** The themes of the suite, by title, in the order in which a new store meets them. */
export const THEMES: Readonly<Record<string, (suite: Suite) => void>> = {
  save: describeSave,
  validation: describeValidation,
  'status transitions': describeTransitions,
  'edge values': describeSamples,
  saveMany: describeSaveMany,
  find: describeFind,
  list: describeList,
  paging: describePaging,
  filter: describeFilter,
  stream: describeStream,
  search: describeSearch,
  statistics: describeStatistics,
  retry: describeRetry,
  'the end of a retry': describeRetryEnd,
  claim: describeClaim,
  cancel: describeCancel,
  delete: describeDelete,
  deleteMany: describeDeleteMany,
  changes: describeChanges,
  'following changes': describeFollow,
  transaction: describeTransaction,
  'limits of a transaction': describeTransactionLimits,
  concurrency: describeConcurrency,
  ownership: describeOwnership,
  states: describeStates,
  durability: describeDurability,
  'port: write': describePortWrite,
  'port: read': describePortRead,
  'port: transaction': describePortTransaction,
  'port: closed': describePortClosed,
  'port: ledger': describeLedger,
  'port: history': describeHistory,
  'port: trimming': describeTrimming,
  'port: quarantine': describeQuarantine,
  'port: imported files': describeImportedFiles,
  'port: moving': describeMoving,
};
