import { json, kindOf, setOwn } from './field-readers.ts';
import { InvalidRun, type RunIssue } from './invalid-run.ts';
import { isPlainObject } from './json.ts';
import type { AgentRun } from './run.ts';
import { type Field, type FieldTable, RUN_FIELDS } from './run-fields.ts';

/**
 * Checks a value and brings it to the one form in which runs are stored, compared and digested:
 * times in UTC with milliseconds, ids in lower case, what the source does not say filled as the
 * types say, an optional field that is null or undefined left out. Fields that nobody knows are
 * kept. The result shares nothing with the value given.
 *
 * Throws `InvalidRun` with every field that is wrong.
 */
export function normalizeRun(value: unknown): AgentRun {
  const issues: RunIssue[] = [];
  const run = readObject(value, RUN_FIELDS, '', issues);
  if (issues.length > 0) throw new InvalidRun(issues);
  return run as unknown as AgentRun;
}

function readObject(
  value: unknown,
  table: FieldTable,
  path: string,
  issues: RunIssue[],
): Record<string, unknown> | undefined {
  if (!isPlainObject(value)) {
    issues.push({ path, problem: `must be an object, not ${kindOf(value)}` });
    return undefined;
  }
  const result: Record<string, unknown> = {};
  for (const name in table) {
    const field = table[name];
    if (field !== undefined) readField(result, name, value[name], field, path, issues);
  }
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(table, name) || value[name] === undefined) continue;
    const unknown = json(value[name]);
    if (unknown.ok) setOwn(result, name, unknown.value);
    else issues.push({ path: join(path, name), problem: unknown.problem });
  }
  return result;
}

function readField(
  result: Record<string, unknown>,
  name: string,
  value: unknown,
  field: Field,
  path: string,
  issues: RunIssue[],
): void {
  const isAbsent = value === undefined || (value === null && !field.absent);
  if (isAbsent) {
    if (field.required) {
      issues.push({
        path: join(path, name),
        problem: value === null ? 'must not be null' : 'is missing',
      });
    } else if (field.absent) result[name] = field.absent();
    return;
  }
  if (field.read !== undefined) {
    const reading = field.read(value);
    if (reading.ok) result[name] = reading.value;
    else issues.push({ path: join(path, name), problem: reading.problem });
    return;
  }
  const inside = field.fields ?? {};
  if (!field.list) {
    result[name] = readObject(value, inside, join(path, name), issues);
  } else if (Array.isArray(value)) {
    // Unlike map, this gives what was never set as undefined, which is then refused.
    result[name] = Array.from(value, (item: unknown, index) =>
      readObject(item, inside, `${join(path, name)}[${index}]`, issues),
    );
  } else {
    issues.push({ path: join(path, name), problem: `must be a list, not ${kindOf(value)}` });
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
