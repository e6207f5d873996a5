import { runChild } from '../../support/child.ts';

/** What npm says when it cannot reach the registry and has not kept what it needs. */
const UNREACHABLE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|E50[234])\b/;

/** Installs a package file in a folder; false when its dependencies cannot be had here. */
export async function install(tarball: string, folder: string): Promise<boolean> {
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, stderr } = await runChild(['npm', 'install', ...quietly, tarball], { cwd: folder });
  if (code === 0) return true;
  if (UNREACHABLE.test(stderr)) return false;
  throw new Error(`npm install ended with ${code}: ${stderr}`);
}
