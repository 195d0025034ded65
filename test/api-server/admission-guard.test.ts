import { describe, expect, test } from 'vitest';
import { GUARD, guardContainer } from '../../fn/plan/guard.ts';
import { annotated, CHECKED, GUARDED, MESSAGES, SELECTED, describeChecks } from './checked-network.ts';
import { refused } from './policies.ts';

describeChecks((server) => {
  describe('the guard', () => {
    const guard = guardContainer(CHECKED);
    const seen = async (first: object, ...others: readonly object[]) =>
      refused(server(), {
        ...annotated('egress/vpn', SELECTED),
        spec: { ...GUARDED, initContainers: [first, ...others] },
      });

    test.each<readonly [string, object]>([
      ['of another release', { ...guard, image: guard.image.replace(/:.*/, ':v0.0.1') }],
      ['by digest', { ...guard, image: guard.image.replace(/:.*/, `@sha256:${'0'.repeat(64)}`) }],
      ['with variables that others add', { ...guard, env: [{ name: 'AWS_REGION', value: 'eu' }] }],
    ])('%s is accepted', async (_, container) => {
      expect(await seen(container, { name: 'other', image: 'other' })).toBeUndefined();
    });

    test.each<readonly [string, object]>([
      ['by its name alone', { name: GUARD, image: 'other' }],
      ['of a repository that begins alike', { ...guard, image: `${guard.image.replace(/:.*/, '')}-other:v1` }],
      ['that does something else', { ...guard, command: ['true'] }],
      ['for another gateway', { ...guard, args: ['--network=egress/vpn', '--gateway=10.0.0.1'] }],
      ['that others need not wait for', { ...guard, restartPolicy: 'Always' }],
      ['with libraries of the pod', { ...guard, env: [{ name: 'LD_PRELOAD', value: '/run/gateway-network/a.so' }] }],
      ['with programs of the pod', { ...guard, volumeMounts: [{ name: GUARD, mountPath: '/usr/bin' }] }],
    ])('%s is none', async (_, container) => {
      expect(await seen(container)).toMatch(MESSAGES.guard);
    });

    test('behind another container is none', async () => {
      expect(await seen({ name: 'other', image: 'other' }, guard)).toMatch(MESSAGES.guard);
      expect(await refused(server(), { ...annotated('egress/vpn', SELECTED), spec: {} })).toMatch(MESSAGES.guard);
    });
  });
});
