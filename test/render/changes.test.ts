import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { FieldEffect } from '../../fn/changes/field-effect.ts';
import { effectOfField, FIELD_EFFECTS } from '../../fn/changes/field-effects.ts';
import { networkChange, type Side } from '../../fn/changes/network-change.ts';
import { sideOf } from '../../fn/changes/side.ts';
import { read } from '../../fn/krm/read.ts';
import { run } from '../../fn/run.ts';
import { CHANGED_FIELDS, type ChangedField } from './changed-fields.ts';
import { CLIENT } from './client.ts';

const VPN = { namespace: 'egress', name: 'vpn' };

function rendered(fields: object): Side {
  const spec = { subnets: ['192.168.50.0/24'], overlay: { vni: 1000 }, clients: [{ names: ['client'] }], ...fields };
  const network = {
    apiVersion: 'gatewaynetwork.dev/v1alpha1',
    kind: 'GatewayNetwork',
    metadata: VPN,
    spec,
  };
  const outcome = run(read(`${stringify(network)}---\n${CLIENT}`));
  expect(outcome.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return sideOf(outcome, undefined);
}

function effects({ field, before, after }: ChangedField): Omit<FieldEffect, 'connections'> {
  const { agents, routers, clients } = networkChange(VPN, rendered(before), rendered(after));
  const { rolled, othersRestart } = clients;
  return {
    field,
    agents: agents === 'created' ? 'none' : agents,
    routers,
    clients: rolled.length > 0 ? 'rolled' : othersRestart ? 'restart' : 'none',
  };
}

test.each(CHANGED_FIELDS.map((changed) => [changed.field, changed] as const))('%s', (field, changed) => {
  expect(effectOfField(field)).toEqual({ ...effects(changed), connections: expect.any(String) });
});

test('the table has every field that has no fields of its own, and no others', () => {
  const rows = FIELD_EFFECTS.map(({ field }) => field);
  expect(rows).toEqual(CHANGED_FIELDS.map(({ field }) => field));
  const reference = readFileSync(new URL('../../docs/reference.md', import.meta.url), 'utf8');
  const fields = [...reference.matchAll(/^\| `(spec\.[^`]*)` \| (?!object)/gm)].map(([, field = '']) => field);
  const covered = (field: string) =>
    rows.some((row) => field === row || field.startsWith(`${row}.`) || field.startsWith(`${row}[`));
  expect(fields.filter((field) => !covered(field))).toEqual([]);
});
