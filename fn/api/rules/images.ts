import { fault, type Fault } from '../fault.ts';
import { DNS_SUBDOMAIN, isDnsSubdomain } from '../kubernetes-name.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/** Images are pinned, and pull secrets are names. */
export const images: Rule = {
  reads: ['spec.images'],
  checkNetwork: ({ spec }) => [
    ...(spec.images?.node === undefined
      ? []
      : imageFaults('spec.images.node', spec.images.node, 'registry.example.com/gateway-network-node:v1.2.3')),
    ...(spec.images?.pullSecrets ?? []).flatMap((name, index) =>
      isDnsSubdomain(name) ? [] : [fault('InvalidName', `spec.images.pullSecrets[${index}]`, name, DNS_SUBDOMAIN)],
    ),
  ],
};

// The reference grammar of the OCI distribution specification v1.1 and github.com/distribution/reference.
const HOST = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?|\[[\da-fA-F:]+\])(?::\d{1,5})?`;
const COMPONENT = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const TAG = String.raw`\w[\w.-]{0,127}`;
const DIGEST = String.raw`sha256:[\da-f]{64}|sha512:[\da-f]{128}`;
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${COMPONENT}(?:/${COMPONENT})*(?::(?<tag>${TAG}))?(?:@(?<digest>${DIGEST}))?$`,
);

/** Faults of an image reference: it is invalid, or not pinned. */
export function imageFaults(path: string, text: string, example: string): readonly Fault[] {
  const groups = REFERENCE.exec(text)?.groups;
  if (groups === undefined) {
    return [fault('InvalidImage', path, text, `be an image reference, such as ${quote(example)}`)];
  }
  if (groups['digest'] !== undefined || (groups['tag'] ?? 'latest') !== 'latest') return [];
  const because = 'the same manifests must run the same image tomorrow';
  return [fault('InvalidImage', path, text, 'have a tag other than "latest", or a digest', { because })];
}
