import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { disagreements, mentionsOf, notesOf, notReleasable, writeVersions } from '../../release/versions.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { ROOT } from '../commands/command.ts';

const PARTS = ['Dockerfile', 'README.md', 'SECURITY.md', 'deploy', 'docs', 'metadata.yaml'];

test('every part has the version of package.json', () => expect(disagreements()).toEqual([]));

test('there is no mention of it in a form that is not checked', () => {
  const number = new RegExp(String.raw`(?<!\d\.?)${packageJson.version.replaceAll('.', String.raw`\.`)}(?!\.?\d)`, 'g');
  // SECURITY.md says from which version on there are fixes.
  const { 'SECURITY.md': _, ...mentions } = mentionsOf();
  const unknown = Object.entries(mentions).filter(
    ([file, { length }]) => (readFileSync(join(ROOT, file), 'utf8').match(number) ?? []).length !== length,
  );
  expect(unknown.map(([file]) => file)).toEqual([]);
});

describe('another version in package.json', () => {
  let root = '';
  beforeEach(() => {
    root = `${mkdtempSync(join(tmpdir(), 'gateway-network-fn-versions-'))}/`;
    for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(root, name), '{"version": "9.8.7"}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('is refused as long as parts have the former', () => {
    const files = new Set(disagreements(root).map(({ file }) => file));
    const some = ['Dockerfile', 'deploy/flux/deployment.yaml', 'docs/install.md', 'docs/kpt.md', 'docs/node-image.md'];
    expect([...files]).toEqual(expect.arrayContaining(some));
    expect(disagreements(root)[0]).toEqual({ file: 'Dockerfile', line: 12, found: packageJson.version });
  });

  test('is written to all of them', () => {
    writeVersions(root);
    expect(disagreements(root)).toEqual([]);
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain('\nARG VERSION=9.8.7\n');
  });

  test('is refused where package-lock.json has the former', () => {
    writeVersions(root);
    writeFileSync(join(root, 'package-lock.json'), '{"version": "9.8.6"}');
    expect(disagreements(root)).toEqual([{ file: 'package-lock.json', line: 3, found: '9.8.6' }]);
  });

  test('needs a tag of that name and its heading in CHANGELOG.md', () => {
    expect(notReleasable('v9.8.6', '## [Unreleased]\n', root)).toEqual([
      'the tag is v9.8.6, but package.json has 9.8.7: it must be v9.8.7',
      'CHANGELOG.md has no heading "## [9.8.7] - YYYY-MM-DD"',
    ]);
    expect(notReleasable('v9.8.7', '## [9.8.7] - 2027-01-02\n', root)).toEqual([]);
    expect(notReleasable(undefined, '', root)).toEqual([]);
  });
});

test('the text of a release is its section of CHANGELOG.md', () => {
  const changelog = '# Changelog\n\n## [1.1.0] - 2027-01-02\n\n### Added\n\n- A\n\n## [1.0.0] - 2026-01-02\n\n- B\n';
  expect(notesOf(changelog, '1.1.0')).toBe('### Added\n\n- A\n');
  expect(notesOf(changelog, '1.0.0')).toBe('- B\n');
  expect(() => notesOf(changelog, '1.2.0')).toThrow('CHANGELOG.md has no section of 1.2.0');
});
