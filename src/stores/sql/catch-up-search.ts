/** How much of its way behind a search goes by itself before it answers. */
export const SEARCH_CATCHES_UP = { changes: 5_000, milliseconds: 1_000 };
/** Changes that the search index takes in one transaction at most. */
const FOLLOW_AT_ONCE = 500;

/** The search index of an engine. */
export interface FollowingIndex {
  /** How many changes it has not seen yet. */
  behind(): Promise<number>;
  /** Takes in at most so many and tells how many; null where that cannot be done now. */
  follow(most: number): Promise<number | null>;
}

/** Takes up to so many changes into the search index, for so long, and tells how many are left. */
export async function catchUpSearch(
  { behind, follow }: FollowingIndex,
  { changes, milliseconds }: { changes: number; milliseconds: number },
): Promise<number> {
  const deadline = performance.now() + milliseconds;
  let left = changes;
  let unseen = await behind();
  while (unseen > 0 && left > 0 && performance.now() < deadline) {
    const taken = await follow(Math.min(left, FOLLOW_AT_ONCE));
    if (taken === null) break;
    left -= taken;
    unseen = await behind();
  }
  return unseen;
}
