/** The members that are there, in their order: a column that is NULL makes none. */
export function presentMembers(members: object): Record<string, unknown> {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) present[name] = value;
  }
  return present;
}
