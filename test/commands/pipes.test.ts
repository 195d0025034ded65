import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { NETWORK, ROOT } from './command.ts';

const PROGRAMS = ['dist/gateway-network-fn', `'${process.execPath}' dist/gateway-network-fn.mjs`];
const COMMANDS = ['', 'render -', 'validate -', 'schema', '--help', '--version', '--doc'];

/** Makes 4 a pipe that nobody reads. */
const UNREAD = 'f=$(mktemp -u); mkfifo $f; exec 3<>$f 4>$f 3>&-; rm $f';

/** Runs a line of bash in which RUN stands for the program with a command. */
function bash(line: string, program: string, command: string) {
  const script = line.replaceAll('RUN', () => `${program} ${command}`);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: ROOT, input: NETWORK, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe.each(PROGRAMS)('%s', (program) => {
  test.each(COMMANDS)('`%s` ends without a word where nobody reads what it prints', (command) => {
    expect(bash(`${UNREAD}; RUN >&4 4>&-; echo $? >&2`, program, command).stderr).toBe('141\n');
  });

  test.each(COMMANDS)('`%s` says in one line that the disk is full', (command) => {
    const { status, stderr } = bash('RUN >/dev/full', program, command);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^error: standard output cannot be written: ENOSPC: .*\n$/),
    });
  });

  test('a long output whose reader leaves', () => {
    const many = `${NETWORK}---\\napiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\ndata: {a: "`;
    const input = `printf '${many}'; head -c 3000000 /dev/zero | tr '\\0' x; printf '"}'`;
    expect(bash(`{ { ${input}; } | { RUN; echo $? >&2; }; } | head -1`, program, '')).toMatchObject({
      stdout: 'apiVersion: v1\n',
      stderr: '141\n',
    });
  });

  test('errors that nobody can hear are told by the exit status', () => {
    expect(bash('RUN 2>/dev/full', program, 'render nowhere')).toEqual({ status: 2, stdout: '', stderr: '' });
    expect(bash(`${UNREAD}; RUN 2>&4 4>&-; echo $? >&2`, program, 'render nowhere').stderr).toBe('2\n');
  });

  test('a directory as standard input is wrong usage', () => {
    expect(bash('RUN <test', program, '')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: standard input cannot be read: it is a directory\n',
    });
  });
});
