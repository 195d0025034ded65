import { describe, expect, test } from 'vitest';
import { build } from './build.ts';
import { describeWith } from './describe-tools.ts';
import { manifestsOf, ofKind } from './documents.ts';
import { folderOf } from './folder.ts';
import { FUNCTION, run } from './program.ts';
import { kubectls, kustomizes } from './tool.ts';

const NETWORK = `apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn}
spec:
  subnets: [192.168.50.0/24]
  overlay: {vni: 1000}
  clients:
  - selector: {matchLabels: {egress: vpn}}
`;
const CLIENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: client}
spec:
  selector: {matchLabels: {egress: vpn}}
  template:
    metadata: {labels: {egress: vpn}}
    spec: {containers: [{name: client, image: client:v1}]}
`;

function overlay(network = NETWORK): string {
  return folderOf({
    'kustomization.yaml': 'resources: [network.yaml, client.yaml]\nnamePrefix: blue-\nnamespace: vpns\n',
    'network.yaml': network,
    'client.yaml': CLIENT,
  });
}

describe('`kustomize build | gateway-network-fn render -`', () => {
  for (const tool of [...kustomizes(), ...kubectls()]) {
    describeWith([tool], (program) => {
      test('names and namespace of an overlay reach every manifest', () => {
        const input = build(program, overlay(), 'none').stdout;
        const { status, stdout } = run(FUNCTION, ['render', '-'], { input });
        const manifests = manifestsOf(stdout);

        expect(status).toBe(0);
        for (const { metadata } of manifests) {
          expect(metadata).toMatchObject({ name: expect.stringMatching(/^blue-/), namespace: 'vpns' });
        }
        const [client] = manifests.filter((manifest) => manifest.metadata.name === 'blue-client');
        expect(client?.spec?.template?.metadata?.annotations).toMatchObject({
          'k8s.v1.cni.cncf.io/networks': 'blue-vpn',
        });
        expect(ofKind(manifests, 'NetworkAttachmentDefinition').map((each) => each.metadata.name)).toContain(
          'blue-vpn',
        );
        expect(ofKind(manifests, 'GatewayNetwork')).toEqual([]);
        expect(run(FUNCTION, [], { input }).stdout).toBe(stdout);
      });

      test('a network that kustomize keeps to itself is an error that says so', () => {
        const local = NETWORK.replace(
          'name: vpn',
          'name: vpn, annotations: {config.kubernetes.io/local-config: "true"}',
        );
        const input = build(program, overlay(local), 'none').stdout;
        const { status, stdout, stderr } = run(FUNCTION, ['render', '-'], { input });

        expect(input).toContain('kind: Deployment');
        expect(status).toBe(1);
        expect(stdout).toBe('');
        expect(stderr).toContain('config.kubernetes.io/local-config');
      });
    });
  }
});
