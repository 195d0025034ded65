import type { V1ConfigMap } from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { METRICS } from '../../fn/node/status/metrics.ts';
import { ALERTS } from '../../fn/render/alerts.ts';
import { ROOT } from '../commands/command.ts';
import { monitored, of } from './monitored.ts';

const OBJECTS = monitored();
const FAILOVER = ', gateway: {replicas: 2}';
const WIREGUARD = ', gateway: {egress: {type: VPN, vpn: {type: WireGuard, wireGuard: {secretName: wg}}}}';

interface Rules {
  readonly spec: {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly annotations: { readonly runbook_url: string };
      }[];
    }[];
  };
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { x: number; y: number; w: number; h: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

function rulesOf(objects: readonly KubernetesObject[]) {
  return (of(objects, 'PrometheusRule', 'vpn-metrics') as unknown as Rules).spec.groups.flatMap(({ rules }) => rules);
}

function dashboardOf(objects: readonly KubernetesObject[]): Dashboard {
  const { data = {} } = of(objects, 'ConfigMap', 'vpn-metrics') as V1ConfigMap;
  return JSON.parse(Object.values(data)[0] ?? '') as Dashboard;
}

describe.each([
  ['one router', OBJECTS],
  ['several routers', monitored(FAILOVER)],
  ['a tunnel', monitored(WIREGUARD)],
])('with %s', (_, objects) => {
  const expressions = [
    ...rulesOf(objects).map(({ expr }) => expr),
    ...dashboardOf(objects).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];

  test('alerts and dashboard ask for metrics that there are, of this network alone', () => {
    const asked = expressions.flatMap((text) => [...text.matchAll(/gateway_network_(\w+)/g)].map(([, name]) => name));
    expect(asked.filter((name) => name === undefined || !(name in METRICS))).toEqual([]);
    const strangers = expressions.filter((text) => /gateway_network_\w+(?!\w|\{network="egress\/vpn")/.test(text));
    expect(strangers).toEqual([]);
  });

  test('no panel lies on another, and all are within 24 columns', () => {
    const cells = dashboardOf(objects).panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.filter((cell) => Number(cell.split(' ')[0]) > 23)).toEqual([]);
  });
});

test('alerts of standbys and failovers are for networks that have several routers', () => {
  const names = (objects: readonly KubernetesObject[]) => rulesOf(objects).map(({ alert }) => alert);
  expect(names(monitored(FAILOVER))).toEqual(ALERTS.map(({ alert }) => alert));
  expect(names(OBJECTS)).toEqual(names(monitored(FAILOVER)).filter((name) => !/Standby|Failovers/.test(name)));
});

test('every alert has a runbook that is there, and no other alert has', () => {
  const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
  const sections = [...page.matchAll(/^### (GatewayNetwork\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(ALERTS.map(({ alert }) => alert));
  for (const { alert, annotations } of rulesOf(OBJECTS)) {
    expect(annotations.runbook_url).toMatch(/\/docs\/troubleshooting\.md#\w+$/);
    expect(annotations.runbook_url.split('#')[1]).toBe(alert.toLowerCase());
  }
});

test('every metric is documented with its type, and no other is', () => {
  const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
  const documented = [...page.matchAll(/^\| `gateway_network_(\w+)` \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(documented.toSorted()).toEqual(
    Object.entries(METRICS)
      .map(([name, { type }]) => `${name} ${type}`)
      .toSorted(),
  );
});
