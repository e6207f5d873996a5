/** How two sides that have a run in different states stand to each other. */
export type Standing = 'source is later' | 'target is later' | 'apart';

/** A side's state of a run, and the digests that it had there, oldest first. */
export interface Past {
  now: string;
  past: readonly string[];
}

/**
 * Tells which side went on from the other's state: the one in whose past that state occurs. A run
 * may come back to a state that it had (a tag is put on and taken off again), and then each occurs
 * in the other's past: later is the side that has all that the other went through, in that order.
 * Sides that both went on are apart, and so are those of which nothing is known.
 */
export function comparePasts(source: Past, target: Past): Standing {
  const hadTarget = source.past.includes(target.now);
  const hadSource = target.past.includes(source.now);
  if (hadTarget && hadSource) {
    if (wentThrough(source, target)) return 'source is later';
    return wentThrough(target, source) ? 'target is later' : 'apart';
  }
  if (hadTarget) return wentOn(target, source) ? 'apart' : 'source is later';
  if (hadSource) return wentOn(source, target) ? 'apart' : 'target is later';
  return 'apart';
}

/**
 * True when this side went on after the newest state of the other that it had, too: its state today may
 * be one of the other's past only because it came back to it.
 */
function wentOn({ past }: Past, other: Past): boolean {
  const common = other.past.findLast((digest) => past.includes(digest));
  return common !== undefined && past.lastIndexOf(common) < past.length - 1;
}

/** True when the states of the other occur in this past, in their order. */
function wentThrough({ past }: Past, other: Past): boolean {
  let next = 0;
  for (const digest of past) {
    if (digest === other.past[next]) next += 1;
  }
  return next === other.past.length;
}
