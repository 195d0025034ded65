import { expect, test } from 'vitest';
import { DISTRIBUTIONS } from './distributions.ts';
import { diagnosisOf, factsOf, faultsOf } from './facts.ts';

test.each(Object.entries(DISTRIBUTIONS))('%s, as documented, is recognised and has no fault', (_, distribution) => {
  const { version, objects, network, platform, primary } = distribution;
  const found = diagnosisOf(factsOf(objects, version), network);
  expect([found.platform, found.primary, faultsOf(found)]).toEqual([platform, primary, []]);
});
