import { mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** Figures of the docs that take minutes: not a part of `npm test`. */
export default mergeConfig(
  { ...config, test: { ...config.test, projects: undefined } },
  { test: { include: ['test/{cluster,datapath}/*.spec.ts', 'site/test/*.spec.ts'], maxWorkers: 1 } },
);
