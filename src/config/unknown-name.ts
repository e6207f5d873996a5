import { nearestName } from './nearest-name.ts';

/**
 * Says that a word is none of the names that there are: `"poolsize" is no option of database; did you
 * mean poolSize?`, or which there are where none is near. Of the word no more is repeated than its
 * plain characters at the beginning: in an address, or in `password:hunter2` where a space is missing,
 * a secret may follow. The sentence has no full stop at its end.
 */
export function unknownName(word: string, what: string, names: readonly string[]): string {
  const [plain = ''] = /^[\w./~-]+/.exec(word) ?? [];
  const subject = plain === '' ? 'A name' : `"${plain}"`;
  const nearest = nearestName(plain, names);
  const answer = nearest === undefined ? whatThereIs(names) : `did you mean ${nearest}?`;
  return `${subject} is no ${what}; ${answer}`;
}

function whatThereIs(names: readonly string[]): string {
  return names.length === 1 ? `there is ${names[0]} alone` : `there are ${names.join(', ')}`;
}
