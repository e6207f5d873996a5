#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node can read it far enough to be told.
const WANTED_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < WANTED_MAJOR) {
  process.stderr.write(
    `runledger needs Node ${WANTED_MAJOR} or newer, and this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  void import('../dist/cli/main.js');
}
