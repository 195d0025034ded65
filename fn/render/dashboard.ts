import type { Dashboard } from '@grafana/schema';
import type { V1ConfigMap } from '@kubernetes/client-node';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { panels } from './dashboard-panels.ts';
import { formatJson } from './json.ts';
import { metadata } from './metadata.ts';

/** The label by which the sidecar of Grafana's chart finds dashboards, unless it was given another. */
const SIDECAR = { grafana_dashboard: '1' };

/** The version of the JSON model, of Grafana 10.3 and later. */
const SCHEMA_VERSION = 39;

/** A dashboard for Grafana, in the shape that Grafana's own package has for it. */
export function dashboard(plan: NetworkPlan, uid: string): V1ConfigMap {
  const own = metadata(plan, 'metrics', plan.names.metrics);
  const model: Dashboard = {
    uid,
    title: `Gateway network ${plan.label}`,
    tags: ['gateway-network'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    annotations: { list: [] },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: [...panels(plan)],
  };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...own, labels: { ...own.labels, ...SIDECAR } },
    data: { [`${uid}.json`]: formatJson(model) },
  };
}
