import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stepsOf } from '../cluster/tutorial.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { manifestsOf } from '../engines/documents.ts';
import { multus } from '../engines/tool.ts';
import { keyOf, type Planted } from './cluster-objects.ts';
import { DISTRIBUTIONS } from './distributions.ts';
import { diagnosisOf, factsOf, faultsOf } from './facts.ts';

const PAGE = join(import.meta.dirname, '../../docs/getting-started.md');
const K3S = DISTRIBUTIONS['k3s'];

describeWith([multus()], (folder = '') => {
  test('its manifest is for k3s what docs/getting-started.md makes of it there', () => {
    expect(faultsWith(manifests(folder, ''))).toEqual([
      expect.stringMatching(/^error multus-folders: k3s reads .* which the DaemonSet .* does not mount/),
    ]);
    const [commands = ''] = stepsOf(PAGE).flatMap((step) => (step.commands.includes('sed -i') ? [step.commands] : []));
    const changed = manifests(folder, commands);
    expect(faultsWith(changed)).toEqual([]);
    expect(JSON.stringify(changed)).toContain(
      '"--multus-conf-file=auto","--multus-kubeconfig-file-host=/var/lib/rancher/k3s/agent/etc/cni/net.d/multus.d/multus.kubeconfig"',
    );
    expect(JSON.stringify(changed)).not.toContain('"/opt/cni/bin"');
  });
});

/** The manifests of both, after commands that change the files of the page. */
function manifests(folder: string, commands: string): readonly Planted[] {
  const copy = mkdtempSync(join(tmpdir(), 'gwn-k3s-'));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  const files = { 'multus.yaml': 'multus-daemonset.yml', 'whereabouts.yaml': 'daemonset-install.yaml' };
  for (const [name, source] of Object.entries(files)) cpSync(join(folder, source), join(copy, name));
  execFileSync('sh', ['-ec', commands], { cwd: copy });
  const texts = Object.keys(files).map((name) => readFileSync(join(copy, name), 'utf8'));
  const documents = manifestsOf(texts.join('\n---\n')) as readonly (object | null)[];
  return documents.filter((one) => one !== null) as readonly object[] as readonly Planted[];
}

/** What `doctor` says of a k3s whose DaemonSets are those of manifests. */
function faultsWith(changed: readonly Planted[]): readonly string[] {
  const objects = K3S?.objects.map((one) => {
    const same = changed.find((other) => one.kind === 'DaemonSet' && keyOf(other) === keyOf(one));
    // Its pods are those of a selector.
    return same === undefined ? one : { ...one, spec: { ...(same['spec'] as object), selector: selectorOf(one) } };
  });
  return faultsOf(diagnosisOf(factsOf(objects ?? [], K3S?.version)));
}

function selectorOf({ spec }: Planted): unknown {
  return (spec as { readonly selector: unknown }).selector;
}
