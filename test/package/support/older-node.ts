import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runChild } from '../../support/child.ts';

/** A Node on the PATH that is older than the one that the package needs; undefined where none is. */
export async function findOlderNode(neededMajor: number): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const folder of folders.filter((path) => !path.includes('node_modules'))) {
    const node = join(folder, 'node');
    if (!existsSync(node)) continue;
    const { stdout } = await runChild([node, '-p', 'process.versions.node']);
    if (Number.parseInt(stdout, 10) < neededMajor) return node;
  }
  return undefined;
}
