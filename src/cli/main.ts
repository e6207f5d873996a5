import { enableCompileCache } from 'node:module';

// Compiled code is kept in the system's folder for temporary files: it halves the time to start. It
// has to be on before anything else is loaded.
enableCompileCache();
const { keepMemorySmall } = await import('./keep-memory-small.ts');
keepMemorySmall();
const { runProgram } = await import('./run-program.ts');
await runProgram(process.argv.slice(2));
