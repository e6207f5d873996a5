import type { Benchmark } from './benchmark.ts';
export const queryLayer: Benchmark = { name: 'query-layer', about: 'x', run: async () => [] };
