import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { documentsOf } from '../engines/documents.ts';
import { folderOf } from '../engines/folder.ts';
import { output } from '../engines/program.ts';
import { argoCd, kustomizes } from '../engines/tool.ts';
import { applied, apply, type ClusterObject } from './apply.ts';
import { describeWithApiServer } from './cluster.ts';
import { established } from './crds.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Pod {
  readonly containers: readonly {
    readonly name: string;
    readonly volumeMounts: readonly { readonly name: string }[];
  }[];
  readonly initContainers: Pod['containers'];
  readonly volumes: readonly { readonly name: string }[];
}

const newest = kustomizes().at(-1) ?? { title: 'kustomize' };
describeWithApiServer([argoCd(), newest], (cluster, argo = '', kustomize = '') => {
  test.each(['application.yaml', 'application-oci.yaml'])('examples/argo-cd/%s is an Application', async (file) => {
    const crd = readFileSync(join(argo, 'crds/application-crd.yaml'), 'utf8');
    expect((await apply(cluster(), crd)).status).toBeLessThan(300);
    await established(cluster(), parse(crd) as ClusterObject);
    await applied(cluster(), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd}\n');
    const application = readFileSync(join(ROOT, 'examples/argo-cd', file), 'utf8');
    expect(await applied(cluster(), application)).toEqual(await applied(cluster(), application));
    const { status, text } = await apply(cluster(), application.replace('destination:', 'destinatoin:'));
    expect({ failed: status >= 400, text }).toMatchObject({
      failed: true,
      text: expect.stringContaining('destinatoin'),
    });
  });

  /** The objects of Argo CD's repo-server with a component of ours. */
  const withComponent = (component: string): readonly string[] => {
    const folder = folderOf({});
    cpSync(argo, join(folder, 'argo'), { recursive: true });
    cpSync(join(ROOT, 'deploy/argo-cd'), join(folder, 'ours'), { recursive: true });
    mkdirSync(join(folder, 'install'));
    const kustomization = `namespace: argocd\nresources: [../argo/repo-server, ../argo/config]\ncomponents: [${component
      .split(' and ')
      .map((name) => `../ours/${name}`)
      .join(', ')}]\n`;
    writeFileSync(join(folder, 'install/kustomization.yaml'), kustomization);
    return documentsOf(output(kustomize, ['build', join(folder, 'install')]));
  };

  test.each(['sidecar', 'sidecar and discovery', 'exec'])(
    'deploy/argo-cd/%s fits the repo-server',
    async (component) => {
      await applied(
        cluster(),
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: argocd, labels: {pod-security.kubernetes.io/warn: restricted}}\n',
      );
      const documents = withComponent(component);
      const deployment = documents.find((document) => document.includes('kind: Deployment')) ?? '';
      const object = (await applied(cluster(), deployment)) as ClusterObject & { spec: { template: { spec: Pod } } };
      const { containers, initContainers, volumes } = object.spec.template.spec;
      const all = [...containers, ...initContainers];
      expect(all.map(({ name }) => name)).toContain('gateway-network-fn');
      const mounted = all.find(({ name }) => name === 'gateway-network-fn')?.volumeMounts.map(({ name }) => name) ?? [];
      expect(volumes.map(({ name }) => name)).toEqual(expect.arrayContaining(mounted));
      const second = all.find(({ name }) => name === 'gateway-network-fn-discovery');
      expect(second !== undefined).toBe(component.endsWith('discovery'));
      expect(volumes.map(({ name }) => name)).toEqual(
        expect.arrayContaining((second?.volumeMounts ?? []).map(({ name }) => name)),
      );
      const options = documents.some((document) =>
        document.includes('kustomize.buildOptions: --enable-alpha-plugins --enable-exec'),
      );
      expect(options).toBe(component === 'exec');
    },
  );
});
