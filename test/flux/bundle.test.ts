import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const DIST = join(import.meta.dirname, '../../dist');
const ONLY_HERE = ['ExternalArtifact', 'ustar', 'prom-client', 'makeInformer', 'undici'];

test('nothing of the controller is in the function', () => {
  const [controller, ...others] = ['flux/controller.mjs', 'gateway-network-fn.mjs', 'index.mjs'].map((file) =>
    readFileSync(join(DIST, file), 'utf8'),
  );
  const heldBy = (bundle = '') => ONLY_HERE.filter((word) => bundle.includes(word));
  expect(heldBy(controller)).toContain('ExternalArtifact');
  expect(heldBy(controller).length).toBeGreaterThan(2);
  expect(others.map(heldBy)).toEqual([[], []]);
});
