import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build, builders, declare, replaceIn } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample } from './folder.ts';

for (const { tool, start } of builders()) {
  describeWith([tool], (program) => {
    test.for(['generator', 'transformer'])(
      'as a %s, a bad network fails the build and names each problem in a line',
      (role) => {
        const folder = copyOfExample(`kustomize-${role}`);
        const network = join(folder, role === 'generator' ? 'gateway-network.yaml' : 'app/gateway-network.yaml');
        const target = role === 'generator' ? folder : join(folder, 'production');
        if (role === 'transformer') {
          replaceIn(join(target, 'kustomization.yaml'), 'value: 2000', 'value: 16777216');
          declare(join(target, 'gateway-network-fn.yaml'), start);
        } else {
          replaceIn(network, 'vni: 1000', 'vni: 16777216');
          declare(network, start);
        }
        replaceIn(network, '  overlay:', '  gatewayAddresses: [10.0.0.1]\n  overlay:');

        const { status, stdout, stderr } = build(program, target, start);
        const lines = stderr.split('\n').filter((line) => line.startsWith('error: ') && line.includes('spec.'));

        expect(status).toBe(1);
        expect(stdout).toBe('');
        expect(lines).toHaveLength(2);
        expect(lines.find((line) => line.includes('spec.overlay.vni'))).toContain('16777216');
        expect(lines.find((line) => line.includes('spec.gatewayAddresses[0]'))).toContain('10.0.0.1');
      },
    );
  });
}
