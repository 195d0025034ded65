import { describeExamples } from './describe-examples.ts';
import { EXAMPLES } from './examples.ts';

// The others are in examples.test.ts.
describeExamples(EXAMPLES.filter((_, index) => index % 2 === 1));
