import { expect, it } from 'vitest';
import { messages } from '../networks.ts';

const SPEC = 'spec.gateway.egress.vpn.container.spec';
const VOLUMES = 'spec.gateway.egress.vpn.container.volumes';
const IMAGE = 'image: "example.com/vpn:v1"';
const POWERS = 'securityContext: {capabilities: {add: [NET_ADMIN]}}';

function vpn(spec: string, volumes = '[]'): readonly string[] {
  const container = `{interface: tun0, endpoints: [{protocol: UDP, port: 1194}], spec: {${spec}}, volumes: ${volumes}}`;
  return messages(`gateway: {egress: {type: VPN, vpn: {type: Container, container: ${container}}}}`);
}

it.each([
  [`${IMAGE}, ${POWERS}`, '[]'],
  [`${IMAGE}, securityContext: {privileged: true}, name: gluetun, args: [a], tty: true`, '[]'],
  [`${IMAGE}, securityContext: {capabilities: {add: [CAP_NET_ADMIN]}}, env: [{name: A, value: b}]`, '[]'],
  [
    `${IMAGE}, ${POWERS}, volumeMounts: [{name: tun, mountPath: /dev/net/tun}]`,
    '[{name: tun, hostPath: {path: /dev/net/tun}}]',
  ],
])('a container {%s} with volumes %s is fine', (spec, volumes) => {
  expect(vpn(spec, volumes)).toEqual([]);
});

it.each([
  [POWERS, `\`${SPEC}.image\` must be an image reference, such as "registry.example.com/vpn:v1.2.3"`],
  [
    `image: "example.com/vpn:latest", ${POWERS}`,
    `\`${SPEC}.image\` must have a tag other than "latest", or a digest, not "example.com/vpn:latest": the same manifests must run the same image tomorrow`,
  ],
  [
    `${IMAGE}, ${POWERS}, enviroment: []`,
    `\`${SPEC}.enviroment\` must be removed or renamed, it is not a field of a container (core/v1)`,
  ],
  [
    `${IMAGE}, ${POWERS}, volumeMount: []`,
    `\`${SPEC}.volumeMount\` must be removed or renamed, it is not a field of a container (core/v1): did you mean \`volumeMounts\`?`,
  ],
  [
    `${IMAGE}, ${POWERS}, hostNetwork: true`,
    `\`${SPEC}.hostNetwork\` must be removed or renamed, it is not a field of a container (core/v1)`,
  ],
  [
    `${IMAGE}, ${POWERS}, name: router`,
    `\`${SPEC}.name\` is "router" and must be another name: a container of the router may have this one`,
  ],
  [
    `${IMAGE}, ${POWERS}, name: My VPN`,
    `\`${SPEC}.name\` must be a DNS label (at most 63 lower case letters, digits and "-", with a letter or digit at both ends), not "My VPN"`,
  ],
  [
    IMAGE,
    `\`${SPEC}.securityContext.capabilities.add\` must have "NET_ADMIN" in it: without it no network interface can be made`,
  ],
  [
    `${IMAGE}, securityContext: {capabilities: {add: [NET_RAW]}}`,
    `\`${SPEC}.securityContext.capabilities.add\` must have "NET_ADMIN" in it, not "["NET_RAW"]": without it no network interface can be made`,
  ],
  [
    `${IMAGE}, ${POWERS}, volumeMounts: [{name: state, mountPath: /state}]`,
    `\`${SPEC}.volumeMounts[0].name\` must be the name of an entry of \`${VOLUMES}\`, not "state"`,
  ],
])('a container {%s} is not', (spec, message) => {
  expect(vpn(spec)).toEqual([message]);
});

it('volumes have names of their own', () => {
  expect(vpn(`${IMAGE}, ${POWERS}`, '[{name: config}, {emptyDir: {}}, {name: tun}, {name: tun}]')).toEqual([
    `\`${VOLUMES}[0].name\` is "config" and must be another name: a volume of the router may have this one`,
    `\`${VOLUMES}[1].name\` must be a DNS label (at most 63 lower case letters, digits and "-", with a letter or digit at both ends)`,
    `\`${VOLUMES}[3].name\` is "tun" and must differ from \`${VOLUMES}[2].name\``,
  ]);
});
