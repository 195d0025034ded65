import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesObject } from '../../fn/krm/input.ts';
import { print } from '../../fn/krm/print.ts';
import { describeWith } from '../engines/describe-tools.ts';
import { kubernetesValidate } from '../engines/tool.ts';
import { RENDERED } from './specs.ts';

/** The oldest, a middle and the newest release whose OpenAPI schemas the validator carries. */
const RELEASES = ['1.25', '1.31', '1.37'];
const CUSTOM = ['NetworkAttachmentDefinition', 'Link', 'PodMonitor', 'PrometheusRule'];

describeWith([kubernetesValidate()], (validator) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-openapi-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const validate = (objects: readonly KubernetesObject[], release: string) => {
    const file = join(folder, 'objects.yaml');
    writeFileSync(file, objects.map((object) => print(object)).join('---\n'));
    return spawnSync(validator ?? '', ['--kubernetes-version', release, '--strict', file], { encoding: 'utf8' });
  };

  test.each(RENDERED.flatMap(([name, objects]) => RELEASES.map((release) => ({ name, release, objects }))))(
    'Kubernetes $release knows every field of: $name',
    ({ release, objects }) => {
      const builtIn = objects.filter(({ kind = '' }) => !CUSTOM.includes(kind));
      const { status, stdout, stderr } = validate(builtIn, release);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout.match(/passed/g)).toHaveLength(builtIn.length);
    },
  );

  test('an unknown field would be found', () => {
    const objects = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, dta: {} }];
    expect(validate(objects, '1.31').status).not.toBe(0);
  });
});
