import { expect, test } from 'vitest';
import { render } from '../../fn/render/render.ts';
import { planOf } from '../plan/network.ts';

test('the name of a ConfigMap follows what takes new pods, its fingerprint all that it holds', () => {
  const [before, after] = ['', ', underlay: {mtu: 1450}'].map((underlay) => {
    const rendered = render(planOf(`{subnets: [192.168.50.0/24], overlay: {vni: 1000${underlay}}}`));
    return rendered.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata);
  });
  for (const [index, metadata] of before?.entries() ?? []) {
    if (metadata?.labels?.['app.kubernetes.io/component'] === 'router')
      expect(metadata.name).toBe(after?.[index]?.name);
    const [one, other] = [metadata, after?.[index]].map(
      (each) => each?.annotations?.['gatewaynetwork.dev/configuration'],
    );
    expect(one).toMatch(/^[\da-f]{16}$/);
    expect(other).not.toBe(one);
  }
  const names = (vni: number) =>
    render(planOf(`{subnets: [192.168.50.0/24], overlay: {vni: ${vni}}}`)).map(({ metadata }) => metadata?.name);
  expect(names(1000).filter((name) => !names(1001).includes(name))).toEqual([
    expect.stringMatching(/^vpn-node-agent-/),
  ]);
});
