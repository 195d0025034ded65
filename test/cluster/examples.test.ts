import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeExamples } from './describe-examples.ts';
import { EXAMPLES, LEFT_OUT, MULTI_NODE } from './examples.ts';

it('every example is installed here, in examples-2.test.ts or by getting-started.test.ts, or it is said why not', () => {
  const folders = readdirSync(join(import.meta.dirname, '../../examples'));
  expect([...[MULTI_NODE, ...EXAMPLES].map(({ name }) => name), ...Object.keys(LEFT_OUT)].toSorted()).toEqual(
    folders.toSorted(),
  );
});

// Two files, so that two clusters share the time.
describeExamples(EXAMPLES.filter((_, index) => index % 2 === 0));
