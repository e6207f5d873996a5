import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf, withoutCode } from './markdown.ts';
import { type Breach, ROOT, type SourceFile } from './source-tree.ts';

/** The links of these pages that lead nowhere in the checkout. Links to elsewhere are not followed. */
export function brokenLinks(pages: readonly SourceFile[]): Breach[] {
  return pages.flatMap((page) =>
    [...withoutCode(page.text).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !leadsSomewhere(page, target))
      .map((target) => `${page.path}: ${target}`),
  );
}

function leadsSomewhere(page: SourceFile, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = join(ROOT, path === '' ? page.path : join(dirname(page.path), path));
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  const text = path === '' ? page.text : readFileSync(file, 'utf8');
  return anchorsOf(text).includes(anchor);
}
