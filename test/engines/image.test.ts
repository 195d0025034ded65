import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type Image, IMAGES } from '../../release/images.ts';
import { joined, unpack } from '../../release/oci.ts';
import { contentsOf } from '../../release/sbom/images.ts';
import { ROOT } from '../commands/command.ts';
import { blocksOf, read } from '../documents/page.ts';
import { build, declare } from './build.ts';
import { PLUGIN } from './cmp-server.ts';
import { describeWith } from './describe-tools.ts';
import { copyOfExample, filesIn, folderOf } from './folder.ts';
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
  }, 600_000);
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

  test('docs/install.md runs it, once it is built', () => {
    const printed = blocksOf(read('docs/install.md')).find(({ text }) => text.startsWith('docker build '))?.text ?? '';
    const [building = '', ...runs] = printed.trim().split('\n');
    output(podman, ['tag', image.name, building.split(' ')[3] ?? ''], { env: image.env });
    const docker = folderOf({ docker: `#!/bin/sh\nshift\nexec ${podman} run ${HARDENED.join(' ')} "$@"\n` });
    chmodSync(join(docker, 'docker'), 0o755);
    const options = { cwd: ROOT, env: image.env, path: [docker] };
    const printedBy = runs.map((line) => output('bash', ['-eu', '-c', line], options));

    const multiNode = output(FUNCTION, ['render', join(ROOT, 'examples/multi-node')]);
    const alone = output(FUNCTION, ['render', join(ROOT, 'examples/multi-node/gateway-network.yaml')]);
    expect(printedBy).toEqual([`${packageJson.version}\n`, alone, multiNode]);
  });

  test('it has all that `status` needs', () => {
    const { status, stderr } = inContainer(['--unsetenv=HOME'], ['status']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('there is no kubeconfig') });
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

  describe('as it is released', () => {
    let folder = '';
    let archives: readonly string[] = [];
    beforeAll(() => {
      // podman takes the path of a layout for a name, which has no capital letters.
      folder = join(tmpdir(), `gateway-network-fn-oci-${process.pid}`);
      mkdirSync(folder);
      archives = [image.name, image.again()].map((name, index) => {
        const archive = join(folder, `${index}.tar`);
        output(buildah, ['push', '--quiet', name, `oci-archive:${archive}`], { env: image.env });
        return archive;
      });
    }, 600_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('a second build has the same digest', () => {
      const digests = archives.map((archive, index) => unpack(archive, join(folder, `${index}`)).manifest.digest);
      expect(digests[1]).toBe(digests[0]);
    });

    test('its index has the annotations that Artifact Hub asks for, and podman reads it', () => {
      const layout = join(folder, 'joined');
      const digest = joined(archives.slice(0, 1), layout, 'v1.2.3');
      const index = JSON.parse(readFileSync(join(layout, 'blobs', digest.replace(':', '/')), 'utf8'));
      expect(index.manifests).toMatchObject([{ platform: { os: 'linux' } }]);
      expect(index.annotations).toMatchObject({
        'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
        'org.opencontainers.image.description': expect.stringContaining('KRM function'),
        'io.artifacthub.package.readme-url': expect.stringMatching(
          /^https:\/\/raw\.githubusercontent\.com\/.*\/v1\.2\.3\/README\.md$/,
        ),
      });
      output(podman, ['pull', '--quiet', `oci:${layout}:v1.2.3`], { env: image.env });
    });

    test('its SBOM has the packages of Debian and of npm, and the runtime', async () => {
      const laidOut = unpack(archives[0] ?? '', join(folder, 'sbom'));
      const [own] = IMAGES.filter(({ name }) => name === 'gateway-network-fn') as [Image];
      const names = (await contentsOf(own, laidOut, [])).map(({ purl }) => purl.replace(/@[^@]*$/, ''));
      const bun = `pkg:npm/%40oven/bun-linux-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`;
      expect(names).toEqual(expect.arrayContaining(['pkg:deb/debian/libc6', 'pkg:npm/yaml', bun]));
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
