import { defineConfig, type RolldownOptions } from 'rolldown';
import packageJson from './package.json' with { type: 'json' };

const common: RolldownOptions = {
  platform: 'node',
  moduleTypes: { '.sh': 'text', '.yaml': 'text' },
  transform: { define: { __VERSION__: JSON.stringify(packageJson.version) } },
};

export default defineConfig([
  {
    ...common,
    input: 'fn/main.ts',
    output: {
      file: 'dist/gateway-network-fn.mjs',
      format: 'esm',
      minify: true,
      codeSplitting: false,
      banner: '#!/usr/bin/env node',
    },
  },
  { ...common, input: 'fn/index.ts', output: { file: 'dist/index.mjs', format: 'esm', codeSplitting: false } },
]);
