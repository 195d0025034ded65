import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

it.each([
  'gateway-node:v1',
  'ghcr.io/example/gateway-node:v1.2.3-rc.1_x',
  'localhost:5000/gateway-node:v1',
  `ghcr.io/example/gateway-node@${DIGEST}`,
  `gateway-node:latest@${DIGEST}`,
  '[fd00::1]:5000/a/b__c/d-e:1',
])('%s is fine', (image) => {
  expect(messages(`images: {node: "${image}"}`)).toEqual([]);
});

it.each(['gateway-node', 'gateway-node:latest', 'localhost:5000/gateway-node'])('%s is not pinned', (image) => {
  expect(messages(`images: {node: "${image}"}`)).toEqual([
    `\`spec.images.node\` must have a tag other than "latest", or a digest, not "${image}": the same manifests must run the same image tomorrow`,
  ]);
});

it.each([
  '',
  'Gateway:v1',
  'a b:v1',
  'gateway:',
  `gateway@sha256:${'0'.repeat(63)}`,
  'https://ghcr.io/a:v1',
  'a//b:v1',
])('"%s" is no image', (image) => {
  expect(messages(`images: {node: "${image}"}`)[0]).toContain(
    '`spec.images.node` must be an image reference, such as "registry.example.com/gateway-network-node:v1.2.3", not "',
  );
});

test('pull secrets are names', () => {
  expect(messages('images: {pullSecrets: [registry.example-1, My Secret]}')).toEqual([
    '`spec.images.pullSecrets[1]` must be a DNS subdomain (at most 253 lower case letters, digits, "-" and ".", with a letter or digit at both ends of each part), not "My Secret"',
  ]);
});
