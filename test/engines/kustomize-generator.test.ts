import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build, builders, declare, replaceIn, type Start } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { manifestsOf, ofKind } from './documents.ts';
import { copyOfExample } from './folder.ts';
import { FUNCTION, output } from './program.ts';

/** The generator example, whose network starts the function in the given way. */
function generator(start: Start): string {
  const folder = copyOfExample('kustomize-generator');
  declare(join(folder, 'gateway-network.yaml'), start);
  return folder;
}

/** The generator example with the function's manifests as a resource in the generator's place. */
function prerendered(): string {
  const folder = copyOfExample('kustomize-generator');
  writeFileSync(join(folder, 'rendered.yaml'), output(FUNCTION, ['render', join(folder, 'gateway-network.yaml')]));
  replaceIn(join(folder, 'kustomization.yaml'), 'generators:\n  - gateway-network.yaml\n', '  - rendered.yaml\n');
  return folder;
}

for (const { tool, start } of builders()) {
  describeWith([tool], (program) => {
    test('the build equals one of manifests that were rendered before', () => {
      const { status, stdout } = build(program, generator(start), start);
      expect(status).toBe(0);
      expect(stdout).toContain('kind: DaemonSet');
      expect(stdout).toBe(build(program, prerendered(), 'none').stdout);
    });

    test('a prefix of the kustomization renames the attachment, but not the annotation that names it', () => {
      const folder = generator(start);
      appendFileSync(join(folder, 'kustomization.yaml'), 'namePrefix: production-\n');
      const manifests = manifestsOf(build(program, folder, start).stdout);
      const [client] = manifests.filter((manifest) => manifest.metadata.name === 'production-client');

      expect(ofKind(manifests, 'NetworkAttachmentDefinition').map((each) => each.metadata.name)).toContain(
        'production-vpn',
      );
      expect(client?.spec?.template?.metadata?.annotations).toEqual({ 'k8s.v1.cni.cncf.io/networks': 'egress/vpn' });
    });
  });
}
