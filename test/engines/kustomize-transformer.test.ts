import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { build, builders, declare, replaceIn, type Start } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { documentsOf, manifestsOf, ofKind } from './documents.ts';
import { copyOfExample, folderOf } from './folder.ts';
import { FUNCTION, output } from './program.ts';

/** A resource in styles that a parser might change, and that kustomize leaves alone. */
const FOREIGN = `apiVersion: example.com/v1
kind: Foreign
metadata:
  name: foreign
  annotations: {switch: "on", mac: "02:00:00:00:00:01"}
spec: # a comment
  mode: 0644
  count: 1_000
  time: 12:30
  day: 2001-01-01
  large: 12345678901234567890
  'no': "no"
  script: |
    if true; then
      echo
    fi
`;
/** What the function gives to a client's pod template, as kustomize prints it. */
const OURS = [
  /\n +annotations:\n +gatewaynetwork\.dev\/client-of: .*\n +gatewaynetwork\.dev\/client-options: .*\n +k8s\.v1\.cni\.cncf\.io\/networks: .*/,
  /\n {6}initContainers:(?:\n {6}[- ].*)+/,
  /\n {6}volumes:(?:\n {6}[- ].*)+/,
];
const LOCAL_CONFIG = `  annotations:
    # Read while rendering, never applied.
    config.kubernetes.io/local-config: "true"
`;

/** The transformer example with a foreign resource, whose overlay starts the function, or `cat`, in the given way. */
function overlay(start: Start | 'none', program?: string): string {
  const folder = copyOfExample('kustomize-transformer');
  writeFileSync(join(folder, 'app/foreign.yaml'), FOREIGN);
  appendFileSync(join(folder, 'app/kustomization.yaml'), '  - foreign.yaml\n');
  if (start === 'none') {
    replaceIn(join(folder, 'production/kustomization.yaml'), 'transformers:\n  - gateway-network-fn.yaml\n', '');
    replaceIn(join(folder, 'app/gateway-network.yaml'), LOCAL_CONFIG, '');
  } else {
    declare(join(folder, 'production/gateway-network-fn.yaml'), start, start === 'exec' ? program : undefined);
  }
  return join(folder, 'production');
}

for (const { tool, start } of builders()) {
  describeWith([tool], (program) => {
    test('names that an overlay changes are the names in the annotation of the clients', () => {
      const { status, stdout } = build(program, overlay(start), start);
      const manifests = manifestsOf(stdout);
      const [client] = manifests.filter((manifest) => manifest.metadata.name === 'production-client');

      expect(status).toBe(0);
      expect(client?.spec?.template?.metadata?.annotations).toMatchObject({
        'k8s.v1.cni.cncf.io/networks': 'egress/production-vpn',
      });
      expect(ofKind(manifests, 'NetworkAttachmentDefinition').map((each) => each.metadata.name)).toContain(
        'production-vpn',
      );
      expect(ofKind(manifests, 'GatewayNetwork')).toEqual([]);
      for (const { metadata } of manifests.filter((each) => each.metadata.labels?.['gatewaynetwork.dev/network'])) {
        expect(metadata).toMatchObject({ name: expect.stringMatching(/^production-vpn/), namespace: 'egress' });
      }
    });

    test('what the function does not own is printed as `cat` in its place prints it', () => {
      const ours = documentsOf(build(program, overlay(start), start).stdout);
      const cats = documentsOf(build(program, overlay(start, 'cat'), start, 'cat').stdout);
      const added = ours.filter((document) => !cats.includes(document));
      const client = added.filter((document) => document.includes('name: production-client'));
      const rest = added.filter((document) => !document.includes('name: production-client'));

      expect(cats).toHaveLength(4);
      expect(cats.filter((document) => !ours.includes(document))).toEqual(
        client.map((document) => OURS.reduce((text, pattern) => text.replace(pattern, ''), document)),
      );
      expect(rest.length).toBeGreaterThan(5);
      for (const document of rest) expect(document).toContain('gatewaynetwork.dev/network: production-vpn');
    });

    test('the build equals one of manifests that were rendered before', () => {
      const unrendered = build(program, overlay('none'), 'none').stdout;
      const rendered = folderOf({
        'kustomization.yaml': 'resources: [rendered.yaml]\n',
        'rendered.yaml': output(FUNCTION, ['render', '-'], { input: unrendered }),
      });
      expect(build(program, overlay(start), start).stdout).toBe(build(program, rendered, 'none').stdout);
    });
  });
}
