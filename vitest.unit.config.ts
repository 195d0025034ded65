import { mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

/** Start programs, or need what was built or installed. */
const OF_PROGRAMS = [
  'test/{agent,api-server,bench,cluster,commands,datapath,engines,flux,validity}/**',
  'site/test/browser/**',
  'test/golden/{directories,examples}.test.ts',
  'test/release/dry-run.test.ts',
  'test/{bare-machine,kpt-func,package}.test.ts',
  '**/{generated,go-yaml,nft,skipped}.test.ts',
];

/** Try very many inputs, or very large ones. */
const LONG = ['**/*.{fuzz,property}.test.ts', '**/{fuzz,hostile,hostile-strings,many,print}.test.ts'];

/** The pure tests that take seconds: a part of the project `programs`, for the loop of edit and test. */
export default mergeConfig(
  { ...config, test: { ...config.test, projects: undefined } },
  { test: { include: ['{site/,}test/**/*.test.ts'], exclude: [...OF_PROGRAMS, ...LONG], isolate: false } },
);
