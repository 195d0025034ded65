import { expect, it, test } from 'vitest';
import { messages } from '../networks.ts';

const SPEC = 'spec.gateway.egress.vpn.container.spec';

function vpn(spec: string): readonly string[] {
  const whole = `image: "example.com/vpn:v1", securityContext: {capabilities: {add: [NET_ADMIN]}}, ${spec}`;
  const container = `{interface: tun0, endpoints: [{protocol: UDP, port: 1194}], spec: {${whole}}}`;
  return messages(`gateway: {egress: {type: VPN, vpn: {type: Container, container: ${container}}}}`);
}

it.each([
  'env: [{name: A, value: "off"}, {name: B, value: ""}, {name: C, value: null}, {name: D}]',
  'env: [{name: A, valueFrom: {secretKeyRef: {name: a, key: b}}}], envFrom: [{secretRef: {name: a}}]',
  'env: null, args: [], command: [sh, "-c", "1"], tty: true',
  'livenessProbe: {exec: {command: ["true"]}, initialDelaySeconds: 30}',
  'readinessProbe: {httpGet: {port: 8000, path: /}}, ports: [{containerPort: 8000}]',
  'resources: {limits: {cpu: 1, memory: 64Mi}}',
])('{%s} is fine', (spec) => {
  expect(vpn(spec)).toEqual([]);
});

it.each([
  ['env: [{name: 7, value: b}]', 'env[0].name', 'a string', '7', 'an integer'],
  ['args: [--port, 1194]', 'args[1]', 'a string', '1194', 'an integer'],
  ['command: [true]', 'command[0]', 'a string', 'true', 'a boolean'],
  ['startupProbe: {exec: {command: [sleep, 1]}}', 'startupProbe.exec.command[1]', 'a string', '1', 'an integer'],
  ['envFrom: [{secretRef: {name: 1}}]', 'envFrom[0].secretRef.name', 'a string', '1', 'an integer'],
])('{%s} is to be in quotes', (spec, path, wanted, value, is) => {
  expect(vpn(spec)).toEqual([`\`${SPEC}.${path}\` must be ${wanted}, not "${value}": this is ${is}, so quote it`]);
});

it.each([
  ['env: {A: b}', 'env', 'a list', '{"A":"b"}', 'a mapping'],
  ['env: [A=b]', 'env[0]', 'a mapping', 'A=b', 'a string'],
  ['args: "--a"', 'args', 'a list', '--a', 'a string'],
  ['args: [null]', 'args[0]', 'a string', 'null', 'null'],
  ['ports: [{containerPort: "8000"}]', 'ports[0].containerPort', 'an integer', '8000', 'a string'],
  ['tty: "yes"', 'tty', '"true" or "false"', 'yes', 'a string'],
])('{%s} is not', (spec, path, wanted, value, is) => {
  expect(vpn(spec)).toEqual([`\`${SPEC}.${path}\` must be ${wanted}, not "${value}": this is ${is}`]);
});

it.each([
  ['{name: FIREWALL, value: false}', 'false', '"FIREWALL" has a boolean, so quote it'],
  ['{value: 18289, name: PORTS}', '18289', '"PORTS" has an integer, so quote it'],
  ['{name: RATE, value: 1.5}', '1.5', '"RATE" has a number, so quote it'],
  ['{name: A, value: [b]}', '["b"]', '"A" has a list'],
  ['{value: 7}', '7', 'this is an integer, so quote it'],
])('the variable %s is named', (variable, value, because) => {
  expect(vpn(`env: [{name: B, value: b}, ${variable}]`)).toEqual([
    `\`${SPEC}.env[1].value\` must be a string, not "${value}": ${because}`,
  ]);
});

test('without a container there is nothing to say', () => {
  expect(messages('gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: a}}}}')).toEqual([]);
});
