import pg from 'pg';
import { vi } from 'vitest';

/** A statement as it went to the server. */
interface Sent {
  text: string;
  values: unknown[];
}

/** What the server does for a statement. */
export interface Plan {
  /** The plan as EXPLAIN prints it, with what it really did. */
  text: string;
  /** Pages that it looked at. */
  pages: number;
}

/** The question of each new connection: is this still the server that the store knows? */
const GREETING = /^SELECT FROM \S+ WHERE home <>/;

/** The statements that a call sends over any connection; those that begin and end one aside. */
async function statementsOf(call: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  spy.mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | Sent];
    const { text, values = [] } = typeof first === 'string' ? { text: first } : first;
    sent.push({ text, values });
    return query.apply(this, args);
  } as never);
  try {
    await call();
  } finally {
    spy.mockRestore();
  }
  return sent.filter(
    ({ text }) => !/^(BEGIN|COMMIT|ROLLBACK|NOTIFY)/.test(text) && !GREETING.test(text),
  );
}

/** The plan of a statement, done once more. */
export async function planOf(client: pg.Client, { text, values }: Sent): Promise<Plan> {
  const explain = `EXPLAIN (ANALYZE, BUFFERS, COSTS off, TIMING off, SUMMARY off) ${text}`;
  const { rows } = await client.query(explain, values);
  const lines = rows.map((row) => String(row['QUERY PLAN']));
  const [, hit = 0, read = 0] =
    /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(lines.join('\n')) ?? [];
  return { text: lines.join('\n'), pages: Number(hit) + Number(read) };
}

/** The plans of the statements that a call sends. */
export async function plansOf(client: pg.Client, call: () => Promise<unknown>): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const sent of await statementsOf(call)) plans.push(await planOf(client, sent));
  return plans;
}
