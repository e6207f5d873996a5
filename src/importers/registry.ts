import type { Importer } from '../repository/importer.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { codex } from './codex/codex.ts';
import { copilotCli } from './copilot-cli/copilot-cli.ts';
import { geminiCli } from './gemini-cli/gemini-cli.ts';
import { langfuse } from './langfuse/langfuse.ts';
import { opencode } from './opencode/opencode.ts';
import { otlp } from './otlp/otlp.ts';
import { pi } from './pi/pi.ts';

/** Every agent whose history can be taken in, in the order in which they are shown. */
export const IMPORTERS: readonly Importer[] = [
  ...[claudeCode, codex, geminiCli, otlp, pi, langfuse, copilotCli, opencode],
];
