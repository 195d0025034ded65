import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { Manifest } from '../../fn/cluster/facts.ts';
import { observe } from '../../fn/cluster/observe.ts';
import { survey } from '../../fn/cluster/survey.ts';
import { diagnose, furtherOf } from '../../fn/doctor/doctor.ts';
import { networksIn, statusOf } from '../../fn/status/status.ts';
import { type Planted, replaced, secret } from '../doctor/cluster-objects.ts';
import { rendered } from '../doctor/facts.ts';
import { HEALTHY, multus } from '../doctor/healthy.ts';
import { healthy, NOW } from '../status/healthy.ts';
import { fakeApi, json, refuse } from './fake-api.ts';

const RENDERED = rendered('vpn-wireguard');
const SEEN = healthy('vpn-wireguard');
const OBJECTS = replaced(
  [...HEALTHY, ...multus('thick'), ...RENDERED, secret('wireguard', 'wg0.conf')],
  ...(SEEN.daemonSets as readonly object[] as readonly Planted[]),
);
const MANIFESTS = RENDERED as readonly object[] as readonly Manifest[];

/** What becomes of a request. */
const FAULTS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  forbidden: (response) => refuse(response, 403, 'no'),
  'too many requests': (response) => refuse(response, 429, 'no'),
  'a fault of the server': (response) => refuse(response, 500, 'no'),
  'a page of a proxy': (response) => void response.end('<html>'),
  'an empty object': (response) => json(response, {}),
  'a lost connection': (response) => void response.destroy(),
};

/** The lists of a cluster by the last part of their paths, and pods by the field that they are asked for by. */
function answerOf(path: string, query: URLSearchParams): object {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '/version') return { gitVersion: 'v1.37.2' };
  if (path === '/apis/admissionregistration.k8s.io/v1') return { resources: [] };
  if (path.includes('/secrets/')) return { kind: 'Secret', data: { 'wg0.conf': '' } };
  const ofKind = OBJECTS.filter(({ kind, apiVersion }) => {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}/` : `/api/${apiVersion}/`;
    return path.startsWith(group) && name === pluralOf(kind);
  });
  const fields = query.get('fieldSelector') ?? '';
  const items = name === 'pods' ? podsWith(fields) : ofKind;
  const [, selected] = /^metadata\.name=(.*)$/.exec(fields) ?? [];
  const meant = (one: object) => selected === undefined || (one as Planted).metadata.name === selected;
  const label = query.get('labelSelector');
  const isLabelled = (one: object) =>
    label === null || !label.startsWith('gatewaynetwork.dev/') || label in ((one as Planted).metadata.labels ?? {});
  return { kind: 'List', items: items.filter((one) => meant(one) && isLabelled(one)) };
}

const PODS = [...SEEN.pods, ...OBJECTS.filter(({ kind }) => kind === 'Pod')];

function podsWith(fields: string): readonly object[] {
  if (fields === '') return PODS;
  return fields.includes('Pending') ? [] : SEEN.running;
}

function pluralOf(kind: string): string {
  const [, stem = '', end = ''] = /^(.*?)(y|ss)?$/.exec(kind.toLowerCase()) ?? [];
  if (kind === 'NetworkAttachmentDefinition') return 'network-attachment-definitions';
  return end === 'y' ? `${stem}ies` : end === 'ss' ? `${stem}sses` : `${stem}s`;
}

/** What is told of a cluster where each path of `faulty` is answered so. */
async function told(faulty: string | undefined, fault: (response: ServerResponse) => void) {
  const { kubeconfig, requests } = await fakeApi((path, response, query) => {
    if (path === faulty) fault(response);
    else if (path.endsWith('/log')) response.end();
    else json(response, answerOf(path, query));
  });
  const meant = { objects: MANIFESTS };
  const seen = await survey({ kubeconfig }, (facts) => furtherOf(facts, meant));
  const known =
    'refusal' in seen
      ? []
      : diagnose(seen.facts, meant).findings.flatMap((one) =>
          one.state === 'ok' ? [`${one.state} ${one.check}: ${one.seen}`] : [],
        );
  const observed = await observe({ kubeconfig });
  const networks = 'refusal' in observed ? [] : networksIn(observed.observation);
  const statuses = networks.flatMap((one) =>
    'refusal' in observed ? [] : [statusOf(one, observed.observation, NOW).ok],
  );
  return { known, statuses, paths: [...new Set(requests.map((path) => path.replace(/\?.*/, '')))] };
}

test('a cluster that answers is well', async () => {
  const { known, statuses, paths } = await told(undefined, () => undefined);
  expect(statuses).toEqual([true]);
  expect(known.filter((line) => line.startsWith('ok')).length).toBeGreaterThan(10);
  expect(paths.length).toBeGreaterThan(20);
});

test.each(Object.keys(FAULTS))(
  'with %s for any question, nothing is said that was not known before, and nothing is thrown',
  async (name) => {
    const before = await told(undefined, () => undefined);
    const strange: string[] = [];
    for (const path of before.paths) {
      const { known, statuses } = await told(path, FAULTS[name] ?? (() => undefined));
      strange.push(...known.filter((line) => !before.known.includes(line)).map((line) => `${path}: ${line}`));
      // One question may be left out: the log of a router says since when it is active.
      if (statuses.length > 0 && !statuses[0]) strange.push(`${path}: status`);
    }
    expect(strange).toEqual([]);
  },
);
