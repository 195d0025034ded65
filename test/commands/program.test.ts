import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { command } from './command.ts';

describe('the command line', () => {
  test('prints its help, with data on stdin as well', () => {
    const { status, stdout, stderr } = command(['--help'], 'kind: ResourceList');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['render', 'validate', 'schema', 'status', '--doc', 'Exit status'])
      expect(stdout).toContain(word);
  });

  test('prints its version', () => {
    expect(command(['--version'])).toMatchObject({ status: 0, stdout: `${packageJson.version}\n` });
  });

  test('quotes a path that is empty', () => {
    expect(command(['render', '']).stderr).toBe("error: '' does not exist: give a file, a directory or -\n");
  });

  test('prints no character that a terminal would obey, such as of the name of a file', () => {
    const { stderr } = command(['render', 'no\u001b[2Jsuch\rfile']);
    expect(stderr).toBe(
      String.raw`error: no\u001b[2Jsuch\u000dfile does not exist: give a file, a directory or -` + '\n',
    );
  });

  test('prints the description for catalogues', () => {
    expect(JSON.parse(command(['--doc']).stdout)).toMatchObject({
      license: 'Apache-2.0',
      tags: expect.arrayContaining(['mutator']),
    });
  });

  test('prints the schema and the CustomResourceDefinition', () => {
    expect(JSON.parse(command(['schema']).stdout)).toMatchObject({ properties: { kind: { const: 'GatewayNetwork' } } });
    expect(command(['schema', '--crd']).stdout).toContain('kind: CustomResourceDefinition');
  });

  test.each([
    [['nonsense']],
    [['--nonsense']],
    [['render']],
    [['render', 'no-such-file.yaml']],
    [['validate', '-', 'x']],
  ])('%j is wrong usage', (args) => {
    const { status, stdout, stderr } = command(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .+\n/);
  });

  test.each([
    [
      'rendr x',
      "unknown command 'rendr' (Did you mean render?); the commands are render, validate, schema, argocd, status",
    ],
    ['VALIDATE x', "unknown command 'VALIDATE'; the commands are render, validate, schema, argocd, status"],
    ['network.yaml', "unknown command 'network.yaml'; the commands are"],
    ['help', "unknown command 'help'; the commands are"],
    ['render --ouput x y', "unknown option '--ouput' (Did you mean --output?)"],
    ['schema --crds', "unknown option '--crds' (Did you mean --crd?)"],
    ['--vresion', "unknown option '--vresion' (Did you mean --version?)"],
    ['render a b', "too many arguments for 'render'. Expected 1 argument but got 2; "],
    ['render', "missing required argument 'path'; "],
    ['status a b', "too many arguments for 'status'. Expected 1 argument but got 2; "],
    ['status -o yaml', "argument 'yaml' is invalid. Allowed choices are text, json; "],
  ])('`%s` is told in one line, with what there is', (line, message) => {
    const { status, stdout, stderr } = command(line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*see --help\n$/);
    expect(stderr).toContain(message);
  });

  test.each([
    [
      '--target https://echo.example',
      "--target 'https://echo.example' is no server: it must be http://HOST[:PORT][/PATH] or HOST:PORT, without TLS",
    ],
    ['--duration 2', "--duration '2' must be a number from 3 to 3600"],
    ['--disrupt --duration 10', "--duration '10' must be a number from 20 to 3600"],
    ['--nodes some', "--nodes 'some' must be a number from 1 to 7"],
    ['a/b/c --kubeconfig /nowhere', 'the kubeconfig /nowhere cannot be read: '],
  ])('`test %s` asks no cluster', (line, message) => {
    const { status, stdout, stderr } = command(['test', ...line.split(' ')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`error: ${message}`);
  });
});
