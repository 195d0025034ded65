import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { titleNeeding } from '../tools/needs-title.ts';
import { has } from './requirements.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPTS = readdirSync(`${ROOT}/fn/agent`)
  .filter((file) => file.endsWith('.sh'))
  .map((file) => `fn/agent/${file}`);

/** Checks of a script's text: what they show, and the command that is silent where all is well. */
const CHECKS: readonly [string, string][] = [
  ['are clean to shellcheck', 'shellcheck'],
  ['are formatted', 'shfmt -d -i 2 -ci'],
  ['are POSIX to dash', 'dash -n'],
  ['are POSIX to busybox', 'busybox sh -n'],
];

describe('the scripts', () => {
  for (const [title, command] of CHECKS) {
    const [program = '', ...options] = command.split(' ');
    const missing = has(program) ? [] : [program];
    it.skipIf(missing.length > 0)(titleNeeding(title, missing), () => {
      // The shells take one script at a time.
      const runs = options.includes('-n') ? SCRIPTS.map((script) => [script]) : [SCRIPTS];
      for (const files of runs) {
        const { status, stdout, stderr } = spawnSync(program, [...options, ...files], { cwd: ROOT, encoding: 'utf8' });
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
      }
    });
  }

  it.each(SCRIPTS)('%s never runs a value as code', (script) => {
    const text = readFileSync(`${ROOT}/${script}`, 'utf8');
    expect(text).not.toMatch(/\beval\b|\bsh -c\b/);
    const sourced = [...text.matchAll(/^\s*(?:\.|source) (.*)$/gm)].map((match) => match[1]);
    for (const path of sourced) expect(path).toMatch(/^"\$here\/[a-z-]+\.sh"$/);
  });
});
