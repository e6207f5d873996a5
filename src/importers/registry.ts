import type { Importer } from '../repository/importer.ts';
import { claudeCode } from './claude-code/claude-code.ts';
import { codex } from './codex/codex.ts';
import { geminiCli } from './gemini-cli/gemini-cli.ts';
import { opencode } from './opencode/opencode.ts';
import { otlp } from './otlp/otlp.ts';
import { pi } from './pi/pi.ts';

/** Every agent whose history can be taken in, in the order in which they are shown. */
export const IMPORTERS: readonly Importer[] = [claudeCode, codex, geminiCli, otlp, pi, opencode];
