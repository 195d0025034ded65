import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replaceIn } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, digestOf, filesIn } from './folder.ts';
import { output } from './program.ts';
import { kpts } from './tool.ts';

/** Files that a run added to, or took from, a folder. */
function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...before.keys()]
    .filter((path) => !after.has(path))
    .concat([...after.keys()].filter((path) => !before.has(path)));
}

/** The names of ConfigMaps end with a hash: the files as if they did not. */
function withoutHashes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, text]) => [path.replace(/-[\da-f]{8}\.yaml$/, '.yaml'), text]));
}

for (const tool of kpts()) {
  describeWith([tool], (kpt) => {
    const render = (folder: string): string => output(kpt, ['fn', 'render', '--allow-exec', folder]);

    test.for([
      ['every network of the package', ''],
      ['the network that `configPath` names', '      configPath: gateway-network.yaml\n'],
    ])('a pipeline renders %s, and rendering again changes nothing', ([, configPath]) => {
      const folder = copyOfExample('kpt-package');
      appendFileSync(join(folder, 'Kptfile'), configPath ?? '');
      const before = filesIn(folder);
      render(folder);
      const once = digestOf(folder);
      render(folder);

      expect(digestOf(folder)).toBe(once);
      expect(difference(before, filesIn(folder)).length).toBeGreaterThan(5);
      expect([...filesIn(folder).values()].filter((text) => text.includes('kind: GatewayNetwork\n'))).toHaveLength(1);
    });

    test('files that are not ours stay as they are with `cat` in the place of the function', () => {
      const [ours, cats] = [copyOfExample('kpt-package'), copyOfExample('kpt-package')];
      for (const folder of [ours, cats]) {
        writeFileSync(
          join(folder, 'foreign.yaml'),
          'kind: Foreign # kpt-merge: a/b\napiVersion: example.com/v1\nmetadata:\n  name: b\nmode: 0644\n',
        );
      }
      replaceIn(join(cats, 'Kptfile'), 'exec: gateway-network-fn', 'exec: cat');
      render(ours);
      render(cats);

      const after = filesIn(ours);
      expect(after.get('gateway-network.yaml')).toContain('metadata: # kpt-merge: egress/vpn\n');
      expect(after.get('gateway-network.yaml')).toContain('vni: 1000 # free in our clusters\n');
      for (const [path, text] of filesIn(cats)) {
        if (path === 'client.yaml') continue;
        expect(after.get(path)).toBe(text.replace('exec: cat', 'exec: gateway-network-fn'));
      }
    });

    test('the client is annotated in its own file, whose comments stay', () => {
      const folder = copyOfExample('kpt-package');
      const before = filesIn(folder).get('client.yaml') ?? '';
      render(folder);
      const after = filesIn(folder).get('client.yaml') ?? '';
      expect(after).toContain('k8s.v1.cni.cncf.io/networks: egress/vpn\n');
      expect(before.split('\n').filter((line) => !after.split('\n').includes(line))).toEqual([]);
    });

    test('a changed spec updates the files in place', () => {
      const folder = copyOfExample('kpt-package');
      render(folder);
      const before = withoutHashes(filesIn(folder));
      replaceIn(join(folder, 'gateway-network.yaml'), 'vni: 1000', 'vni: 2000');
      render(folder);
      const after = withoutHashes(filesIn(folder));

      expect([...after.keys()]).toEqual([...before.keys()]);
      const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
      expect(changed.length).toBeGreaterThan(1);
      expect(changed.length).toBeLessThan(after.size / 2);
    });

    test('the files of objects that the network no longer needs disappear', () => {
      const folder = copyOfExample('kpt-package');
      render(folder);
      const before = withoutHashes(filesIn(folder));
      replaceIn(join(folder, 'gateway-network.yaml'), '  overlay:\n    vni: 1000 # free in our clusters\n', '');
      render(folder);
      expect(difference(before, withoutHashes(filesIn(folder)))).toEqual(['vpn/service_vpn-peers.yaml']);
    });
  });
}
