import { expand } from '../../fn/index.ts';
import { example } from '../datapath/bed/example.ts';
import { documentsOf } from '../engines/documents.ts';

/** A network whose clients are in two namespaces. */
export function inTwoNamespaces(attachment: 'Shared' | 'PerNamespace'): readonly string[] {
  const clients = [{ selector: { matchLabels: { egress: 'vpn' } }, namespaces: ['apps', 'media'], attachment }];
  const player = `---
apiVersion: v1
kind: Namespace
metadata: {name: media}
---
apiVersion: v1
kind: Pod
metadata: {name: player, namespace: media, labels: {egress: vpn}}
spec: {containers: [{name: player, image: "example.com/player:1"}]}
`;
  return documentsOf(expand(example('multi-node', { clients }) + player).text);
}
