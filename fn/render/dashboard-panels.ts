import type { Panel } from '@grafana/schema';
import type { NetworkPlan } from '../plan/network-plan.ts';

/** A query in PromQL, and how its series are called. */
type Query = readonly [expression: string, legend: string];

interface Shown {
  readonly title: string;
  readonly type: 'stat' | 'timeseries' | 'state-timeline';
  /** As Grafana calls it. */
  readonly unit: string;
  /** Of 24 columns. */
  readonly width: number;
  /** What a stat shows, as Grafana calls it. */
  readonly textMode?: 'name';
  readonly queries: readonly Query[];
}

/** Not in braces, which tools take for a variable of their own when they replace some in manifests. */
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
const COLUMNS = 24;
const HEIGHTS = { stat: 4, timeseries: 8, 'state-timeline': 6 } as const;

const LEGEND = { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: true };
const TOOLTIP = { mode: 'multi', sort: 'desc' };

/** Grafana's own choices. */
const OPTIONS = {
  stat: {
    colorMode: 'value',
    graphMode: 'area',
    justifyMode: 'auto',
    orientation: 'auto',
    percentChangeColorMode: 'standard',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    showPercentChange: false,
    wideLayout: true,
  },
  timeseries: { legend: LEGEND, tooltip: TOOLTIP },
  'state-timeline': { legend: LEGEND, tooltip: TOOLTIP, rowHeight: 0.9, showValue: 'auto', mergeValues: true },
} as const;

/** The panels of a network's dashboard, in lines from the top. */
export function panels(plan: NetworkPlan): readonly Panel[] {
  let [x, y, id] = [0, 0, 0];
  return shown(plan).map(({ title, type, unit, width, textMode = 'auto', queries }): Panel => {
    if (x + width > COLUMNS) [x, y] = [0, y + HEIGHTS[type]];
    const gridPos = { x, y, w: width, h: HEIGHTS[type] };
    x += width;
    if (x >= COLUMNS) [x, y] = [0, y + HEIGHTS[type]];
    id += 1;
    return {
      id,
      title,
      type,
      gridPos,
      datasource: DATASOURCE,
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      options: type === 'stat' ? { ...OPTIONS.stat, textMode } : OPTIONS[type],
      targets: queries.map(([expr, legendFormat], index) => ({
        refId: String.fromCharCode(65 + index),
        datasource: DATASOURCE,
        expr,
        legendFormat,
      })),
    };
  });
}

function shown({ label, egress, failover }: NetworkPlan): readonly Shown[] {
  const own = `network="${label}"`;
  const ofClients = (direction: string) =>
    `topk(20, sum by (client) (rate(gateway_network_router_client_${direction}_bytes_total{${own}}[$__rate_interval])))`;
  const of = (name: string) => `gateway_network_${name}{${own}}`;
  const stat = (title: string, unit: string, ...queries: readonly Query[]): Shown => ({
    title,
    type: 'stat',
    unit,
    width: 4,
    queries,
  });
  const series = (title: string, unit: string, ...queries: readonly Query[]): Shown => ({
    title,
    type: 'timeseries',
    unit,
    width: 12,
    queries,
  });
  const hasHandshake = egress.type === 'VPN' && egress.tunnel.type === 'WireGuard';
  const hasFailover = failover.type !== 'None';
  return [
    stat('Routers ready', 'short', [`sum(${of('router_ready')})`, 'ready'], [`count(${of('router_ready')})`, 'of']),
    { ...stat('Active router', 'short', [`${of('router_active')} == 1`, '{{router}}']), textMode: 'name' },
    stat('Agents ready', 'short', [`sum(${of('ready')})`, 'ready'], [`count(${of('ready')})`, 'of']),
    stat('Clients', 'short', [`sum(${of('clients')})`, 'clients']),
    stat('Pool used', 'percentunit', [
      `sum by (family) (${of('pool_used_addresses')}) / max by (family) (${of('pool_addresses')})`,
      '{{family}}',
    ]),
    hasHandshake
      ? stat('Last handshake', 's', [`time() - ${of('router_last_handshake_timestamp_seconds')}`, '{{router}}'])
      : stat('Connections', 'short', [`sum(${of('router_connections')})`, 'connections']),
    {
      title: 'Who is active',
      type: 'state-timeline',
      unit: 'bool_yes_no',
      width: 24,
      queries: [[of('router_active'), '{{router}}']],
    },
    series('Sent by client', 'Bps', [ofClients('sent'), '{{client}}']),
    series('Received by client', 'Bps', [ofClients('received'), '{{client}}']),
    series('Dropped packets by reason', 'pps', [
      `sum by (reason) (rate(gateway_network_dropped_packets_total{${own}}[$__rate_interval])) > 0`,
      '{{reason}}',
    ]),
    series('Connections', 'short', [of('router_connections'), '{{router}}']),
    series('Peers', 'short', [of('peers'), '{{node}}']),
    series(
      'Changes within an hour',
      'short',
      [`increase(${of('repairs_total')}[1h])`, 'repairs on {{node}}'],
      ...(hasFailover
        ? [[`increase(${of('router_activations_total')}[1h])`, 'take-overs of {{router}}'] as const]
        : []),
    ),
  ];
}
