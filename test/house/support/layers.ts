import {
  type Breach,
  importsOf,
  ownImportsOf,
  type SourceFile,
  withoutTexts,
} from './source-tree.ts';

/** A part of the house, and which others it may import. Its own files it always may. */
interface Layer {
  /** A folder, with a slash at its end, or one file. */
  at: string;
  may: readonly string[];
}

const STORE = ['src/domain/', 'src/repository/'];
const SERVICE = STORE;
const EDGE = [...SERVICE, 'src/services/', 'src/importers/'];

/** The layers, as `docs/architecture.md` draws them; the most particular first. */
const LAYERS: readonly Layer[] = [
  { at: 'src/domain/', may: [] },
  { at: 'src/repository/', may: ['src/domain/'] },
  { at: 'src/stores/sql/', may: STORE },
  { at: 'src/stores/sqlite/', may: [...STORE, 'src/stores/sql/'] },
  { at: 'src/stores/postgres/', may: [...STORE, 'src/stores/sql/'] },
  // The file store keeps its index in a small SQLite file.
  { at: 'src/stores/file/', may: [...STORE, 'src/stores/sqlite/'] },
  { at: 'src/stores/memory/', may: STORE },
  { at: 'src/conformance/', may: SERVICE },
  { at: 'src/services/', may: SERVICE },
  { at: 'src/importers/', may: SERVICE },
  // Beside the domain, configuration needs the one error that everybody throws.
  { at: 'src/config/', may: ['src/domain/', 'src/repository/errors.ts'] },
  {
    at: 'src/open-repository.ts',
    // A store becomes a source of copies by the one function that copies read stores with.
    may: ['src/config/', 'src/repository/', 'src/stores/'],
  },
  { at: 'src/compat/', may: [...STORE, 'src/open-repository.ts'] },
  { at: 'src/server/', may: EDGE },
  { at: 'src/mcp/', may: EDGE },
  {
    at: 'src/cli/',
    may: [...EDGE, 'src/config/', 'src/open-repository.ts', 'src/server/', 'src/mcp/'],
  },
  { at: 'src/index.ts', may: ['src/'] },
];

/** What in these files goes against the table above. */
export function layerBreaches(files: readonly SourceFile[]): Breach[] {
  return files.flatMap((file) => {
    const layer = LAYERS.find(({ at }) => file.path.startsWith(at));
    if (layer === undefined) return [`${file.path}: belongs to no layer`];
    return ownImportsOf(file)
      .filter((path) => !path.startsWith(layer.at))
      .filter((path) => path === 'src/index.ts' || !layer.may.some((at) => path.startsWith(at)))
      .map((path) => `${file.path}: may not import ${path}`);
  });
}

/** What in the domain reaches out of it: the domain is pure. */
export function impureDomain(files: readonly SourceFile[]): Breach[] {
  const pure = ['node:crypto', 'node:util', 'node:buffer'];
  const reachesOut =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bprocess\.|\bfetch\(/;
  return files
    .filter(({ path }) => path.startsWith('src/domain/'))
    .flatMap((file) => [
      ...importsOf(file)
        .filter((name) => name.startsWith('node:') && !pure.includes(name))
        .map((name) => `${file.path}: the domain may not import ${name}`),
      ...withoutTexts(file.text)
        .split('\n')
        .filter((line) => reachesOut.test(line))
        .map(
          (line) => `${file.path}: the domain knows no clock, chance or process: ${line.trim()}`,
        ),
    ]);
}

/** Each ring of files that import one another, types included. */
export function importCycles(files: readonly SourceFile[]): Breach[] {
  const imports = new Map(files.map((file) => [file.path, ownImportsOf(file)]));
  const done = new Set<string>();
  const cycles: Breach[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    } else if (!done.has(path)) {
      for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    }
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}
