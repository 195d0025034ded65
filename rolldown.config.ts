import { defineConfig, type RolldownOptions } from 'rolldown';
import packageJson from './package.json' with { type: 'json' };

const common: RolldownOptions = {
  platform: 'node',
  moduleTypes: { '.sh': 'text', '.jq': 'text', '.yaml': 'text' },
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
  ...Object.entries({
    'dist/index.mjs': 'fn/index.ts',
    'dist/index.cjs': 'fn/index.ts',
    // The controller for Flux and its thread, for an image of their own.
    'dist/flux/controller.mjs': 'fn/flux/main.ts',
    'dist/flux/render-worker.mjs': 'fn/flux/render-worker.ts',
  }).map(([file, input]): RolldownOptions => ({
    ...common,
    input,
    output: { file, format: file.endsWith('.cjs') ? 'cjs' : 'esm', codeSplitting: false },
  })),
]);
