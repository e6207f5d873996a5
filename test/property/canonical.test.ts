import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { idOf } from '../../src/conformance/make-run.ts';
import { canonicalJson, canonicalRun, digestOf } from '../../src/domain/canonical.ts';
import { normalizeRun } from '../../src/domain/normalize-run.ts';
import { naiveDigest } from '../support/naive-digest.ts';
import { anyJson, anyRun, anyRunFields } from './support/arbitrary-run.ts';

describe('the canonical form', () => {
  test('is JSON that parses back to the value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), withoutMinusZero(value));
      }),
    );
  });

  test('is well-formed text, whatever strings are in it', () => {
    fc.assert(fc.property(anyJson, (value) => assert.ok(canonicalJson(value).isWellFormed())));
  });

  test('has its keys in the order of UTF-16 units, at every level', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        assert.equal(canonicalJson(value), JSON.stringify(sortedKeys(value)));
      }),
    );
  });

  test('is the same in whatever order the members come', () => {
    fc.assert(
      fc.property(anyRunFields, (fields) => {
        const run = { id: idOf(1), ...fields };
        const turned = turnAround(run);
        assert.equal(canonicalJson(turned), canonicalJson(run));
        assert.equal(digestOf(normalizeRun(turned)), digestOf(normalizeRun(run)));
      }),
    );
  });

  test('is what the digest is made over, and the digest tells runs apart', () => {
    fc.assert(
      fc.property(anyRun, anyRun, (run, other) => {
        assert.equal(digestOf(run), naiveDigest(run));
        assert.equal(digestOf(run) === digestOf(other), canonicalRun(run) === canonicalRun(other));
      }),
    );
  });

  test('does not see how a run is kept', () => {
    const stamp = fc.constant('2026-03-01T12:00:00.000Z');
    const kept = fc.record({
      version: fc.nat(),
      createdAt: stamp,
      updatedAt: stamp,
      source: fc.record({ key: fc.string() }),
    });
    fc.assert(
      fc.property(anyRun, kept, (run, stamps) => {
        assert.equal(digestOf({ ...run, ...stamps }), digestOf(run));
      }),
    );
  });
});

describe('the normal form of a run', () => {
  test('is its own normal form', () => {
    fc.assert(fc.property(anyRun, (run) => assert.deepEqual(normalizeRun(run), run)));
  });

  test('survives JSON', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const text = JSON.stringify(run, null, 2);
        assert.deepEqual(normalizeRun(JSON.parse(text)), run);
      }),
    );
  });

  test('shares nothing with what it was made from', () => {
    fc.assert(
      fc.property(anyRunFields, (fields) => {
        const given = { id: idOf(1), ...fields };
        const copy = structuredClone(given);
        const before = canonicalJson(normalizeRun(copy));
        const run = normalizeRun(copy);
        spoil(copy);
        assert.equal(canonicalJson(run), before);
      }),
    );
  });
});

function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** A view in which `JSON.stringify` meets the keys in sorted order, numbers among them too. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value).sort();
  return new Proxy(value, {
    ownKeys: () => names,
    get: (target, name) =>
      name === 'toJSON' ? undefined : sortedKeys(Reflect.get(target, name, target)),
  });
}

/** A copy with the members of every object in the opposite order. */
function turnAround(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnAround);
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [name, member] of Object.entries(value).reverse()) {
    const descriptor = { value: turnAround(member), enumerable: true, configurable: true };
    Object.defineProperty(copy, name, { ...descriptor, writable: true });
  }
  return copy;
}

function spoil(value: object): void {
  for (const member of Object.values(value)) {
    if (typeof member === 'object' && member !== null) spoil(member);
  }
  for (const name of Object.keys(value)) Reflect.deleteProperty(value, name);
}
