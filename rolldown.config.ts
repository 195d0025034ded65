import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { defineConfig, type Plugin, type RolldownOptions } from 'rolldown';
import packageJson from './package.json' with { type: 'json' };

const common: RolldownOptions = {
  platform: 'node',
  moduleTypes: { '.yaml': 'text', '.pl': 'text' },
  transform: {
    define: {
      __VERSION__: JSON.stringify(packageJson.version),
      // undici asks for it. Bun would put in the path of the bundle, and another folder would make another file.
      __filename: 'undefined',
    },
  },
};

/** The modules of QuickJS, which our sources call `qjs:std` and `qjs:os`. */
const quickjs: Plugin = {
  name: 'quickjs',
  resolveId: (id) => (id.startsWith('qjs:') ? { id: id.slice('qjs:'.length), external: true } : undefined),
  writeBundle: ({ dir }) => copyFileSync('fn/node/gateway-network', `${dir}/gateway-network`),
};

/**
 * What verbs ask a cluster with is a file of its own beside the program, which only they load: the function would take
 * a third longer to start, if no more than that had to be read.
 */
const cluster: Plugin = {
  name: 'cluster',
  resolveId: (id) => (id === '../cluster/observe.ts' ? { id: './cluster.mjs', external: true } : undefined),
};

/** The folder in `node_modules` of the package that a module is of, such as `a` or `a/node_modules/b`. */
const PACKAGE = /(?<=\/node_modules\/)(?:.+\/node_modules\/)?(?:@[^/]+\/)?[^/]+/;

/** Leaves in dist/packages which packages of npm each program holds, for the SBOMs of a release. */
const packages: Plugin = {
  name: 'packages',
  writeBundle: (_, bundle) => {
    mkdirSync('dist/packages', { recursive: true });
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk') continue;
      const folders = new Set(chunk.moduleIds.flatMap((id) => PACKAGE.exec(id) ?? []));
      writeFileSync(`dist/packages/${chunk.fileName}.json`, JSON.stringify([...folders].toSorted()));
    }
  },
};

export default defineConfig([
  {
    // The programs of the node image: a file for each beside what they share, of which a probe reads little.
    ...common,
    platform: 'neutral',
    resolve: { mainFields: ['main'] },
    plugins: [quickjs],
    input: { 'gateway-network': 'fn/node/main.ts' },
    output: {
      dir: 'dist/node',
      cleanDir: true,
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name].mjs',
    },
  },
  {
    ...common,
    plugins: [cluster, packages],
    input: 'fn/main.ts',
    output: {
      file: 'dist/gateway-network-fn.mjs',
      format: 'esm',
      minify: true,
      codeSplitting: false,
      banner: '#!/usr/bin/env node',
    },
  },
  {
    ...common,
    plugins: [packages],
    input: 'fn/cluster/observe.ts',
    output: { file: 'dist/cluster.mjs', format: 'esm', minify: true, codeSplitting: false },
  },
  ...Object.entries({
    'dist/index.mjs': 'fn/index.ts',
    'dist/index.cjs': 'fn/index.ts',
    // The controller for Flux and its thread, for an image of their own.
    'dist/flux/controller.mjs': 'fn/flux/main.ts',
    'dist/flux/render-worker.mjs': 'fn/flux/render-worker.ts',
  }).map(([file, input]): RolldownOptions => ({
    ...common,
    plugins: [packages],
    input,
    output: { file, format: file.endsWith('.cjs') ? 'cjs' : 'esm', codeSplitting: false },
  })),
]);
