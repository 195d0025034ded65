import { join } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import packageJson from '../package.json' with { type: 'json' };
import { EXAMPLES } from './examples.ts';

const HERE = import.meta.dirname;
/** What stands for node:crypto in a browser. */
const SHA256 = join(HERE, 'playground/sha256.ts');

/** The function for a browser: no module of Node may be left in it. */
const browser: Plugin = {
  name: 'browser',
  resolveId(id, importer) {
    if (id === 'node:crypto') return SHA256;
    if (id.startsWith('node:') || id.startsWith('@kubernetes/')) {
      throw new Error(`${importer ?? ''} imports ${id}, which browsers do not have`);
    }
    return undefined;
  },
};

/** A program with everything that it imports. The default is a classic script: pages opened as files run no modules. */
export async function bundled(input: string, format: 'iife' | 'esm' = 'iife'): Promise<string> {
  const bundle = await rolldown({
    input: join(HERE, input),
    platform: 'browser',
    moduleTypes: { '.yaml': 'text', '.pl': 'text' },
    transform: { define: { __VERSION__: JSON.stringify(packageJson.version), __EXAMPLES__: JSON.stringify(EXAMPLES) } },
    plugins: [browser],
  });
  const { output } = await bundle.generate({ format, minify: true, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}
