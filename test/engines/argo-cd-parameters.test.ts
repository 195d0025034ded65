import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPOSITORY } from './argo-cd-repository.ts';
import { type Announced, type Application, parsed, PLUGIN, type Sidecar, sidecarWith } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { type Manifest, ofKind } from './documents.ts';
import { folderOf } from './folder.ts';
import { FUNCTION } from './program.ts';

describeWith([{ title: 'parameters of the plugin', path: FUNCTION }], () => {
  let sidecar: Sidecar & { readonly remove: () => void };
  beforeAll(() => {
    sidecar = sidecarWith(undefined);
  });
  afterAll(() => sidecar.remove());

  const generated = (application: Application): readonly Manifest[] => {
    const { status, stdout, stderr } = sidecar.generate(application);
    expect(stderr).not.toMatch(/^error/m);
    expect(status).toBe(0);
    return parsed(stdout);
  };
  const app = (files: Readonly<Record<string, string>>, env: Application['env'] = {}): Application => ({
    repository: folderOf(files),
    path: 'app',
    env: { ARGOCD_APP_NAMESPACE: 'apps', ...env },
  });
  const withParameters = (parameters: unknown) => ({ ARGOCD_APP_PARAMETERS: JSON.stringify(parameters) });

  const configs = (manifests: readonly Manifest[]) => JSON.stringify(ofKind(manifests, 'ConfigMap'));

  test('override fields of one network, and of all', () => {
    const parameters = [
      { name: 'overrides', map: { 'spec.overlay.vni': '2222', 'spec.overlay.port': '4801' } },
      { name: 'apps/vpn', map: { 'spec.overlay.vni': '3333' } },
    ];
    const text = configs(generated(app(REPOSITORY, withParameters(parameters))));
    expect(text).toContain(String.raw`\"vni\": 3333`);
    expect(text).toContain(String.raw`\"port\": 4801`);
  });

  test('are data: nothing in them is run, and what they set is validated', () => {
    const parameters = [{ name: 'overrides', map: { 'spec.overlay.vni': '$(touch /tmp/gwn-run)`id`' } }];
    const { status, stdout, stderr } = sidecar.generate(app(REPOSITORY, withParameters(parameters)));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: app\/gateway-network\.yaml:\d+:\d+: GatewayNetwork apps\/vpn: `spec\.overlay\.vni` .*touch \/tmp\/gwn-run/,
    );
  });

  test.each([
    [
      'an unknown name',
      [{ name: 'apps/vnp', map: {} }],
      /no parameter has the name "apps\/vnp": it must be .*"apps\/vpn"/,
    ],
    [
      'a value that is none',
      [{ name: 'sync-waves', string: 'yes' }],
      /`sync-waves` is "yes", and must be "Disabled" or "Enabled"/,
    ],
    [
      'a path that is none',
      [{ name: 'overrides', map: { 'metadata.name': 'x' } }],
      /sets "metadata\.name", and must set fields such as/,
    ],
    ['a prototype', [{ name: 'overrides', map: { 'spec.__proto__.a': 'x' } }], /sets "spec\.__proto__\.a"/],
    [
      'broken YAML',
      [{ name: 'overrides', map: { 'spec.mtu': '[' } }],
      /the parameter for `spec\.mtu` is "\[", and must be YAML/,
    ],
    [
      'a network given as a string',
      [{ name: 'apps/vpn', string: 'spec.overlay.vni: 2' }],
      /the parameter `apps\/vpn` has `string`, and must have a `map` with fields such as "spec\.overlay\.vni"/,
    ],
    ['one given as an array', [{ name: 'apps/vpn', array: ['2'] }], /`apps\/vpn` has `array`, and must have a `map`/],
    [
      'one given as nothing',
      [{ name: 'apps/vpn' }],
      /`apps\/vpn` has none of "string", "map" or "array", and must have/,
    ],
    [
      'a map beside a string',
      [{ name: 'overrides', map: { 'spec.mtu': '1400' }, string: '1400' }],
      /`overrides` has `map` and `string`, and must have a `map`/,
    ],
    ['a switch given as a map', [{ name: 'sync-waves', map: { Enabled: 'true' } }], /`sync-waves` has `map`, and must/],
    ['a switch given as an array', [{ name: 'sync-waves', array: ['Enabled'] }], /`sync-waves` has `array`.*"Enabled"/],
    ['one of another kind', [{ name: 'sync-waves', value: 'Enabled' }], /`sync-waves` has `value`, and must have/],
    [
      'a name given twice',
      [
        { name: 'apps/vpn', map: { 'spec.overlay.vni': '2' } },
        { name: 'apps/vpn', map: { 'spec.overlay.vni': '3' } },
      ],
      /the parameter "apps\/vpn" is given twice/,
    ],
    [
      'a switch given twice',
      [
        { name: 'sync-waves', string: 'Enabled' },
        { name: 'sync-waves', string: 'Disabled' },
      ],
      /the parameter "sync-waves" is given twice/,
    ],
    [
      'one network by two names',
      [
        { name: 'apps/vpn', map: { 'spec.overlay.vni': '2' } },
        { name: 'vpn', map: { 'spec.overlay.vni': '3' } },
      ],
      /the parameters "apps\/vpn" and "vpn" are of one network/,
    ],
    ['no name', [{ map: { 'spec.mtu': '1400' } }], /parameter 1 is .*, and must have a `name`/],
    ['no object', ['sync-waves'], /parameter 1 is "sync-waves", and must have a `name`/],
    [
      'a field and one above it',
      [{ name: 'overrides', map: { 'spec.overlay.vni': '2', 'spec.overlay': '{port: 1}' } }],
      /sets `spec\.overlay\.vni` and, with it, `spec\.overlay`/,
    ],
    ['a way through a list', [{ name: 'overrides', map: { 'spec.subnets.a': '1' } }], /the field above `a` is "\["192/],
  ])('%s is refused', (_, parameters, message) => {
    const { status, stdout, stderr } = sidecar.generate(app(REPOSITORY, withParameters(parameters)));
    expect(status).toBeGreaterThan(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });

  test('are announced: those of plugin.yaml, and the fields of each network with their values', () => {
    const { stdout, status } = sidecar.announce(app(REPOSITORY));
    expect(status).toBe(0);
    expect(JSON.parse(stdout) as Announced[]).toMatchObject([
      {
        name: 'apps/vpn',
        collectionType: 'map',
        map: { 'spec.overlay.vni': '1000', 'spec.subnets': '["192.168.50.0/24"]' },
      },
    ]);
    for (const { name, map } of JSON.parse(stdout) as Announced[]) {
      expect(generated(app(REPOSITORY, withParameters([{ name, map }])))).toEqual(generated(app(REPOSITORY)));
    }
    const known = PLUGIN.spec.parameters.static.map(({ name, string }) => ({ name, ...(string && { string }) }));
    expect(generated(app(REPOSITORY, withParameters(known)))).toEqual(generated(app(REPOSITORY)));
  });

  test('are announced by names that are accepted: Argo CD tells no namespace when it asks for them', () => {
    const application = { repository: folderOf(REPOSITORY), path: 'app' };
    const announced = JSON.parse(sidecar.announce(application).stdout) as Announced[];
    expect(announced.map(({ name }) => name)).toEqual(['vpn']);
    const parameters = announced.map(({ name, map }) => ({ name, map: { ...map, 'spec.overlay.vni': '3333' } }));
    expect(configs(generated(app(REPOSITORY, withParameters(parameters))))).toContain(String.raw`\"vni\": 3333`);
    const own = REPOSITORY['app/gateway-network.yaml'].replace('{name: vpn}', '{name: vpn, namespace: egress}');
    const other = app({ ...REPOSITORY, 'app/gateway-network.yaml': own }, withParameters(parameters));
    expect(sidecar.generate(other).stderr).toMatch(/^error: no parameter has the name "vpn": .*"egress\/vpn"/);
  });

  test.each(['overrides', 'sync-waves'])(
    'a network %s is announced only where its name is told from others',
    (name) => {
      const files = { 'app/a.yaml': REPOSITORY['app/gateway-network.yaml'].replace('{name: vpn}', `{name: ${name}}`) };
      const names = (env: NonNullable<Application['env']>) =>
        (JSON.parse(sidecar.announce({ ...app(files), env }).stdout) as Announced[]).map((one) => one.name);
      expect(names({})).toEqual([]);
      expect(names({ ARGOCD_APP_NAMESPACE: 'apps' })).toEqual([`apps/${name}`]);
    },
  );

  test('sync waves and the skipped dry run are off unless asked for', () => {
    const annotated = (parameters: unknown) =>
      generated(app(REPOSITORY, withParameters(parameters))).flatMap(({ kind, metadata }) =>
        Object.entries(metadata.annotations ?? {})
          .filter(([key]) => key.startsWith('argocd.'))
          .map(([key, value]) => `${kind} ${key.slice('argocd.argoproj.io/'.length)}=${value}`),
      );
    expect(annotated([])).toEqual([]);
    expect([...new Set(annotated([{ name: 'sync-waves', string: 'Enabled' }]))].toSorted()).toEqual([
      'ConfigMap sync-wave=-1',
      'NetworkAttachmentDefinition sync-wave=-1',
      'Service sync-wave=-1',
      'ServiceAccount sync-wave=-1',
    ]);
    expect(new Set(annotated([{ name: 'skip-dry-run-on-missing-resource', string: 'Enabled' }]))).toEqual(
      new Set(['NetworkAttachmentDefinition sync-options=SkipDryRunOnMissingResource=true']),
    );
  });
});
