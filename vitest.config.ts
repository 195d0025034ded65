import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };

export default defineConfig({
  define: { __VERSION__: JSON.stringify(packageJson.version) },
  plugins: [
    {
      name: 'shell-as-text',
      enforce: 'pre',
      load: (id) =>
        /\.(sh|crd\.yaml)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined,
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // kpt-functions replaces the global console when it is imported.
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    // Where two processors do everything, a second is not always enough.
    expect: { poll: { timeout: 10_000 } },
  },
});
