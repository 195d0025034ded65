import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, declare } from './build.ts';
import { PLUGIN } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, filesIn } from './folder.ts';
import { type BuiltImages, buildImages } from './image.ts';
import { FUNCTION, output, run } from './program.ts';
import { baseSystem, command, kpts, kubectls, kustomizes } from './tool.ts';

const RESOURCE_LIST = `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: gatewaynetwork.dev/v1alpha1
  kind: GatewayNetwork
  metadata: {name: vpn, namespace: egress}
  spec:
    subnets: [192.168.50.0/24]
    overlay: {vni: 1000}
`;
const HARDENED = [
  '--network=none',
  '--read-only',
  '--read-only-tmpfs=false',
  '--cap-drop=all',
  '--security-opt=no-new-privileges',
];

const needs = [
  { ...command('buildah'), title: 'the image' },
  command('podman'),
  command('runc'),
  command('npm'),
  kustomizes().at(-1) ?? { title: 'kustomize' },
  baseSystem(),
];
describeWith(needs, (buildah = '', podman = '', _runc, npm = '', kustomize = '', base = '') => {
  let image: BuiltImages;
  beforeAll(() => {
    image = buildImages({ buildah, podman, npm, kustomize, base });
  }, 300_000);
  afterAll(() => image?.remove(), 60_000);

  const inContainer = (options: readonly string[], args: readonly string[] = []) =>
    run(podman, ['run', '--rm', '-i', ...HARDENED, ...options, image.name, ...args], {
      input: RESOURCE_LIST,
      env: image.env,
    });

  test.for(['nobody', '999', '12345:12345'])(
    'as user %s, without network, home or a writable file, it prints what the executable prints',
    (user) => {
      const { status, stdout } = inContainer([`--user=${user}`, '--unsetenv=HOME']);
      expect(status).toBe(0);
      expect(stdout).toBe(output(FUNCTION, [], { input: RESOURCE_LIST }));
      expect(stdout).toContain('kind: DaemonSet');
    },
  );

  test('a bad network gives exit status 1', () => {
    const input = RESOURCE_LIST.replace('vni: 1000', 'vni: 0');
    const { status, stderr } = run(podman, ['run', '--rm', '-i', ...HARDENED, image.name], { input, env: image.env });
    expect(status).toBe(1);
    expect(stderr).toContain('spec.overlay.vni');
  });

  test('it answers --help, whatever is on standard input', () => {
    const { status, stdout } = inContainer([], ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('GatewayNetwork');
  });

  test('it says who it runs as and what it is', () => {
    const [{ Config: config }] = JSON.parse(output(podman, ['inspect', image.name], { env: image.env }));
    expect(config.User).toBe('65534:65534');
    expect(config.Entrypoint).toEqual(['/usr/local/bin/gateway-network-fn']);
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'gateway-network-fn',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.revision': 'abc',
    });
  });

  describe('for Argo CD', () => {
    const EXAMPLE = join(import.meta.dirname, '../../examples/argo-cd');

    test.each(['plain', 'production'])(
      'it runs the plugin on examples/argo-cd/%s, as user 999 without a writable file',
      (path) => {
        const mounts = [`--volume=${EXAMPLE}:/repository:ro`, `--workdir=/repository/${path}`];
        const [program = '', ...args] = PLUGIN.spec.generate.command;
        const options = [...mounts, `--env=ARGOCD_APP_SOURCE_PATH=${path}`, `--entrypoint=${program}`];
        const { status, stdout, stderr } = run(
          podman,
          ['run', '--rm', ...HARDENED, ...options, image.argocd, ...args],
          { env: image.env },
        );
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toBe(readFileSync(join(EXAMPLE, `.expected/${path}.yaml`), 'utf8'));
      },
    );

    test('both images have the plugin where the cmp-server looks, and one starts it', () => {
      const file = '/home/argocd/cmp-server/config/plugin.yaml';
      const contents = [image.name, image.argocd].map((name) =>
        output(podman, ['run', '--rm', '--entrypoint=cat', name, file], { env: image.env }),
      );
      const plugin = readFileSync(new URL('../../deploy/argo-cd/plugin.yaml', import.meta.url), 'utf8');
      expect(contents).toEqual([plugin, plugin]);
      const [{ Config: config }] = JSON.parse(output(podman, ['inspect', image.argocd], { env: image.env }));
      expect(config).toMatchObject({ User: '999:999', Entrypoint: ['/var/run/argocd/argocd-cmp-server'] });
      expect(config.Labels['org.opencontainers.image.title']).toBe('gateway-network-argocd');
    });
  });

  describe('run by kpt', () => {
    for (const tool of kpts()) {
      describeWith([tool], (kpt) => {
        test('`fn eval --image` writes what `--exec` writes', () => {
          const [contained, executed] = [copyOfExample('kpt-package'), copyOfExample('kpt-package')];
          const env = { ...image.env, KPT_FN_RUNTIME: 'podman', KRM_FN_RUNTIME: 'podman' };
          output(kpt, ['fn', 'eval', contained, '--image', image.name], { env });
          output(kpt, ['fn', 'eval', executed, '--exec', FUNCTION]);
          expect(filesIn(contained)).toEqual(filesIn(executed));
        });

        test('`fn doc` prints the help', () => {
          const env = { ...image.env, KPT_FN_RUNTIME: 'podman', KRM_FN_RUNTIME: 'podman' };
          expect(output(kpt, ['fn', 'doc', '--image', image.name], { env })).toContain('GatewayNetwork');
        });
      });
    }
  });

  describe('run by kustomize', () => {
    const [oldest, newest] = [kustomizes().at(0), kustomizes().at(-1)];
    for (const tool of [oldest, newest, kubectls().at(-1)].filter((each) => each !== undefined)) {
      describeWith([tool], (program) => {
        test('it prints what the executable prints', () => {
          const contained = join(copyOfExample('kustomize-transformer'), 'production');
          const stoodIn = join(copyOfExample('kustomize-transformer'), 'production');
          declare(join(contained, 'gateway-network-fn.yaml'), 'container', image.name);
          declare(join(stoodIn, 'gateway-network-fn.yaml'), 'container');
          const { status, stdout } = build(program, contained, 'container', 'podman "$@"', image.env);
          expect(status).toBe(0);
          expect(stdout).toBe(build(program, stoodIn, 'container').stdout);
        });
      });
    }
  });
});
