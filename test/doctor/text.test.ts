import { expect, test } from 'vitest';
import { coloured, plain } from '../../fn/status/paint.ts';
import type { Diagnosis, Finding } from '../../fn/doctor/diagnosis.ts';
import { formatDiagnosis } from '../../fn/doctor/text.ts';

const OK: Finding = {
  check: 'kubernetes',
  state: 'ok',
  seen: 'Kubernetes v1.37.2',
  why: 'why kubernetes',
  link: 'docs/troubleshooting.md#a',
};
const ERROR: Finding = {
  check: 'secrets',
  state: 'error',
  network: 'egress/vpn',
  seen: 'the Secret egress/wireguard is not there',
  why: 'a pod does not start without it',
  advice: 'create it',
  link: 'docs/troubleshooting.md#b',
};
const UNKNOWN: Finding = {
  ...OK,
  check: 'mtu',
  state: 'unknown',
  seen: 'nodes must have the MTU 1500',
  advice: 'look',
};
const DIAGNOSIS: Diagnosis = {
  server: 'https://127.0.0.1:6443',
  kubernetes: 'v1.37.2',
  platform: 'kubeadm',
  primary: 'flannel',
  networks: ['egress/vpn'],
  ok: false,
  findings: [OK, UNKNOWN, ERROR, { ...ERROR, check: 'mtu', state: 'warning', seen: 'the MTU is 1400' }],
};

test('what is worst comes first, with why it matters, what to do, and where to read on', () => {
  expect(formatDiagnosis(DIAGNOSIS, plain)).toBe(`https://127.0.0.1:6443: 1 error, 1 warning, 1 not known
  cluster   Kubernetes v1.37.2, kubeadm, flannel
  networks  egress/vpn
  error     secrets: egress/vpn: the Secret egress/wireguard is not there
            why: a pod does not start without it
            do:  create it
            see: docs/troubleshooting.md#b
  warning   mtu: egress/vpn: the MTU is 1400
            why: a pod does not start without it
            do:  create it
            see: docs/troubleshooting.md#b
  unknown   mtu: nodes must have the MTU 1500
            do:  look
            see: docs/troubleshooting.md#a
  ok        kubernetes: Kubernetes v1.37.2
`);
});

test('the same of many networks is a line', () => {
  const networks = Array.from({ length: 7 }, (_, index) => `egress/vpn${index}`);
  const findings = networks.map((network): Finding => ({ ...OK, network }));
  const text = formatDiagnosis({ server: 'a', kubernetes: 'v1', networks, ok: true, findings }, plain);
  expect(text.split('\n')).toEqual([
    'a: no errors',
    '  cluster   Kubernetes v1',
    '  networks  egress/vpn0, egress/vpn1, egress/vpn2, egress/vpn3, egress/vpn4 and 2 more',
    '  ok        kubernetes: egress/vpn0, egress/vpn1, egress/vpn2, egress/vpn3, egress/vpn4 and 2 more: Kubernetes v1.37.2',
    '',
  ]);
});

test.each([
  [{}, 'none: name a file of GatewayNetworks to check what they need'],
  [{ networksUnseen: 'forbidden' }, 'forbidden'],
])('without networks it says so: %o', (fields, words) => {
  const text = formatDiagnosis({ ...DIAGNOSIS, networks: [], ...fields }, plain);
  expect(text).toContain(`  networks  ${words}\n`);
});

test('colours are beside the text, and do not change it', () => {
  const text = formatDiagnosis(DIAGNOSIS, coloured);
  expect(text).toContain('\u001b[31merror  \u001b[0m   secrets');
  // oxlint-disable-next-line no-control-regex
  expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(formatDiagnosis(DIAGNOSIS, plain));
});
