import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { run } from '../agent/namespace.ts';
import type { Cluster } from './cluster.ts';
import { ADDRESS, PORT } from './control-plane.ts';
import { end, spawnIn, until } from './process.ts';

/** A Prometheus that runs on the first node, as one with the network of its node does. */
export interface Prometheus extends AsyncDisposable {
  /** Evaluates an expression; gives the labels and the value of each series. */
  readonly query: (expression: string) => readonly Sample[];
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is read of the objects that are rendered for it. */
interface Monitor {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly path: string;
      readonly relabelings: readonly { readonly sourceLabels: readonly string[]; readonly targetLabel: string }[];
    }[];
    readonly groups: readonly { readonly rules: readonly object[] }[];
  };
}

const LISTEN = '127.0.0.1:9090';

/** The CustomResourceDefinitions of the operator, beside its programs. */
export function operatorKinds(programs: string): string {
  const files = readdirSync(programs).filter((name) => name.endsWith('.yaml'));
  return files.map((name) => readFileSync(join(programs, name), 'utf8')).join('\n---\n');
}

/** What the panels of the dashboard of manifests ask for. */
export function dashboardOf(manifests: string): readonly { readonly title: string; readonly expression: string }[] {
  const texts = objectsOf(manifests).flatMap(({ kind, data = {} }) =>
    kind === 'ConfigMap'
      ? Object.entries(data).flatMap(([key, text]) => (key.startsWith('gateway-network-') ? [text] : []))
      : [],
  );
  return texts.flatMap((text) => {
    const { panels } = JSON.parse(text) as {
      readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
    };
    return panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ title, expression: expr.replaceAll('$__rate_interval', '30s') })),
    );
  });
}

function objectsOf(manifests: string): readonly Monitor[] {
  return parseAllDocuments(manifests).flatMap((document) => (document.toJS() as Monitor | null) ?? []);
}

/**
 * Starts Prometheus with what its operator makes of the PodMonitor and the PrometheusRule of manifests; alerts fire at
 * once.
 */
export async function startPrometheus(cluster: Cluster, programs: string, manifests: string): Promise<Prometheus> {
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('the cluster has no node');
  const folder = join(cluster.folder, 'prometheus');
  mkdirSync(folder);
  const objects = objectsOf(manifests);
  const of = (kind: string) => {
    const found = objects.find((object) => object.kind === kind);
    if (found === undefined) throw new Error(`there is no ${kind}`);
    return found;
  };
  const groups = of('PrometheusRule').spec.groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, for: '0s' })),
  }));
  writeFileSync(join(folder, 'ca.pem'), cluster.access.ca);
  writeFileSync(join(folder, 'token'), cluster.access.token);
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(configuration(of('PodMonitor'), folder)));
  const options = [
    `--config.file=${folder}/prometheus.yaml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${LISTEN}`,
  ];
  const program = spawnIn(node.namespace, [join(programs, 'prometheus'), ...options], 'prometheus', `${folder}/log`);
  const ask = (path: string) => run(node.namespace, `curl -sS -m 5 'http://${LISTEN}${path}'`);
  await until('Prometheus', 20, () => /is Ready/.test(tryAsk(ask)), [program]);
  return {
    query: (expression) => read(ask(`/api/v1/query?query=${encodeURIComponent(expression)}`)),
    [Symbol.asyncDispose]: async () => end(program),
  };
}

function tryAsk(ask: (path: string) => string): string {
  try {
    return ask('/-/ready');
  } catch {
    return '';
  }
}

/** Reads an answer of the API (https://prometheus.io/docs/prometheus/latest/querying/api/); throws what is wrong. */
function read(text: string): readonly Sample[] {
  const { data, error } = JSON.parse(text) as {
    readonly data?: {
      readonly result: readonly { readonly metric: Sample['metric']; readonly value: readonly [number, string] }[];
    };
    readonly error?: string;
  };
  if (data === undefined) throw new Error(error);
  return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
}

/** What the operator makes of a PodMonitor, as far as ours has it. */
function configuration({ metadata: { name, namespace }, spec }: Monitor, folder: string): object {
  const label = Object.entries(spec.selector.matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join();
  return {
    global: { scrape_interval: '2s', evaluation_interval: '2s' },
    rule_files: [`${folder}/rules.yaml`],
    scrape_configs: spec.podMetricsEndpoints.map(({ port, path, relabelings }) => ({
      job_name: `${namespace}/${name}`,
      metrics_path: path,
      kubernetes_sd_configs: [
        {
          role: 'pod',
          api_server: `https://${ADDRESS}:${PORT}`,
          authorization: { credentials_file: `${folder}/token` },
          tls_config: { ca_file: `${folder}/ca.pem` },
          namespaces: { names: [namespace] },
          selectors: [{ role: 'pod', label }],
        },
      ],
      relabel_configs: [
        { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: port, action: 'keep' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
        ...relabelings.map(({ sourceLabels, targetLabel }) => ({
          source_labels: sourceLabels,
          target_label: targetLabel,
        })),
      ],
    })),
  };
}
