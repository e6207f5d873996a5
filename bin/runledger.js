#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node can read it far enough to be told.
const WANTED_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < WANTED_MAJOR) {
  process.stderr.write(
    `runledger needs Node ${WANTED_MAJOR} or newer, and this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  import('../dist/cli/main.js').catch((error) => {
    const isUnbuilt =
      error.code === 'ERR_MODULE_NOT_FOUND' && /dist.cli.main\.js'/.test(error.message);
    if (!isUnbuilt) throw error;
    process.stderr.write(
      'runledger is not built in this checkout: call it by "npm run -s runledger -- <command>", or build it by "npm run build".\n',
    );
    process.exitCode = 1;
  });
}
