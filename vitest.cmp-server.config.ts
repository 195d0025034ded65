import { mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** Tests that need what takes minutes to build and is not installed unasked: none of them is a part of `npm test`. */
export default mergeConfig(
  { ...config, test: { ...config.test, projects: undefined } },
  { test: { include: ['test/cmp-server/**/*.spec.ts'], maxWorkers: 1 } },
);
