import { zstdDecompressSync } from 'node:zlib';
import type { DataSource } from 'typeorm';
import { ContentEntity } from './entities/content.ts';
import type { Content } from './rows.ts';
import { decodeText } from './text-encoding.ts';

/** In stored JSON, `{"$content": "<hash>"}` stands for a large text. */
const REFERENCE = '$content';
/** A key that is no reference and looks like one has one more `$` than it had. */
const ESCAPED = /^\$(\$+content)$/;

/**
 * The value of a step, or what a change overwrote, with its large texts in place. What a change
 * overwrote may be large itself: then it comes back as a text, which is JSON of the same kind.
 */
export async function putTextsBack(runs: DataSource, value: unknown): Promise<unknown> {
  const texts = new Map<string, string>();
  for (const hash of new Set(referencesIn(value))) {
    texts.set(hash, textOf(await runs.getRepository(ContentEntity).findOneByOrFail({ hash })));
  }
  return replaced(value, texts);
}

function textOf({ packing, bytes }: Content): string {
  const plain = packing === 'zstd' ? zstdDecompressSync(bytes) : bytes;
  return decodeText(Buffer.from(plain).toString());
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const hash = referenceOf(value);
  return hash === undefined ? Object.values(value).flatMap(referencesIn) : [hash];
}

function replaced(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, texts));
  const hash = referenceOf(value);
  if (hash !== undefined) return texts.get(hash) ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replace(ESCAPED, '$1'),
      replaced(member, texts),
    ]),
  );
}

function referenceOf(value: object): string | undefined {
  const hash = REFERENCE in value ? value[REFERENCE] : undefined;
  return typeof hash === 'string' ? hash : undefined;
}
