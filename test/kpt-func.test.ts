import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Configs, type KubernetesObject } from 'kpt-functions';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { gatewayNetwork } from '../fn/kpt-func.ts';

const ROOT = join(import.meta.dirname, '..');

const network = (vni = 1000): KubernetesObject =>
  parse(`
apiVersion: gatewaynetwork.dev/v1alpha1
kind: GatewayNetwork
metadata: {name: vpn, namespace: egress}
spec: {subnets: [192.168.50.0/24], overlay: {vni: ${vni}}}
`);
const foreign = (): KubernetesObject =>
  parse('{apiVersion: v1, kind: ConfigMap, metadata: {name: theirs}, data: {mode: "0755"}}');
const kinds = (configs: Configs) => configs.getAll().map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe('in a program of the kpt-functions SDK', () => {
  test('the network among the configs is expanded, and the rest stays', async () => {
    const configs = new Configs([foreign(), network()]);
    await gatewayNetwork(configs);
    expect(kinds(configs)).toContain('DaemonSet vpn-node-agent');
    expect(configs.getAll()).toHaveLength(11);
    expect(configs.getAll()).toContainEqual(foreign());
    expect(configs.getResults()).toMatchObject([{ severity: 'info', tags: { code: 'Rendered' } }]);
  });

  test('the network of the functionConfig is expanded', async () => {
    const configs = new Configs([], network());
    await gatewayNetwork(configs);
    expect(configs.getAll()).toHaveLength(9);
  });

  test('a second run changes nothing', async () => {
    const configs = new Configs([network()]);
    await gatewayNetwork(configs);
    const before = structuredClone(configs.getAll());
    await gatewayNetwork(configs);
    expect(configs.getAll()).toEqual(before);
  });

  test('on errors the configs stay as they are, and the results say why', async () => {
    const configs = new Configs([foreign(), network(0)]);
    await gatewayNetwork(configs);
    expect(kinds(configs)).toEqual(['GatewayNetwork vpn', 'ConfigMap theirs']);
    expect(configs.getResults()).toMatchObject([
      { severity: 'error', field: { path: 'spec.overlay.vni', currentValue: 0 }, resourceRef: { name: 'vpn' } },
    ]);
  });
});

test("the SDK's own runner runs the built library from stdin to stdout", () => {
  const program = `import { run } from 'kpt-functions'; import { gatewayNetwork } from './dist/index.mjs'; run(gatewayNetwork);`;
  const input = JSON.stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: [network()] });
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    input,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(parse(stdout).items).toHaveLength(10);
});
