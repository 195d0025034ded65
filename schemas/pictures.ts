import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Output } from './outputs.ts';

/** The examples whose pictures pages show. */
const EXAMPLES = ['multi-node', 'untrusted-vlan', 'vpn-wireguard', 'ha-vrrp', 'port-forward'];

/** What {@link picturesOf} runs, bundled: Node does not run the sources as they are, which use names of CommonJS. */
interface Drawing {
  readonly drawingOf: (directory: string) => Promise<string>;
}

/** The pictures of examples. */
export async function picturesOf(root: string): Promise<readonly Output[]> {
  const { drawingOf } = await bundled(join(root, 'schemas/drawing.ts'));
  return Promise.all(
    EXAMPLES.map(async (name) => ({
      path: `docs/pictures/${name}.svg`,
      content: await drawingOf(join(root, 'examples', name)),
    })),
  );
}

async function bundled(input: string): Promise<Drawing> {
  // The release stands in what is rendered, and in no picture.
  const bundle = await rolldown({ input, platform: 'node', transform: { define: { __VERSION__: '""' } } });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return (await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`)) as Drawing;
}
