import { transcriptAt } from '../../importers/reading/find-transcripts.ts';
import type { RunStore } from '../../repository/run-store.ts';
import { pretendingStore } from '../../services/copy/pretending-store.ts';
import { importFiles } from '../../services/import/import-files.ts';
import type { ImportOptions } from '../../services/import/import-options.ts';
import type { ImportProgress, ImportReport } from '../../services/import/import-report.ts';
import { COPY_PHASES } from '../copy-with-progress.ts';
import { interruptSignal } from '../interrupts.ts';
import { formatBytes } from '../output/figures.ts';
import { withProgress } from '../output/progress.ts';
import type { FoundAgent } from './found-agents.ts';

/** How an import is done, as it is asked for. */
export interface TakeInOptions
  extends Pick<ImportOptions, 'keepsSource' | 'again' | 'bringsBack' | 'verify'> {
  /** Only tells what would come of it. */
  isDryRun?: boolean;
}

/** What an import of one agent came to. */
export interface AgentReport extends ImportReport {
  /** The importer's name. */
  agent: string;
}

const PHASES: Readonly<Record<ImportProgress['phase'], string>> = {
  ...COPY_PHASES,
  read: 'Reading',
};

const INTERRUPTED = 'runs that were taken in are whole; run it again to go on';

/** Takes in what agents left, one after another, and shows how far it is; Ctrl-C ends it between two runs. */
export function takeIn(
  agents: readonly FoundAgent[],
  store: RunStore,
  { isDryRun, ...options }: TakeInOptions,
): Promise<AgentReport[]> {
  const signal = interruptSignal(INTERRUPTED);
  const target = isDryRun ? pretendingStore(store).store : store;
  return withProgress(async (progress) => {
    const reports: AgentReport[] = [];
    for (const { importer, files } of agents) {
      const report = await importFiles(importer, files, target, {
        ...options,
        ...(isDryRun && { verify: 'none' }),
        look: transcriptAt,
        signal,
        onProgress: ({ phase, done, total }) =>
          progress.update(
            `${PHASES[phase]} ${importer.title}`,
            done,
            total,
            phase === 'read' ? formatBytes : undefined,
          ),
      });
      reports.push({ agent: importer.name, ...report });
    }
    return reports;
  });
}
