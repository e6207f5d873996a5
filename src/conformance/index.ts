export { describeRunRepository } from './describe-run-repository.ts';
export type { Sample } from './samples/sample.ts';
export { SAMPLES } from './samples/samples.ts';
export type { ConformanceOptions, ConformanceRunner, ConformanceSubject } from './subject.ts';
