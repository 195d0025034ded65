import { Command, CommanderError } from 'commander';
import { UsageError } from '../files/usage-error.ts';
import { print } from './output.ts';

const DESCRIPTION = `Expands GatewayNetworks into the manifests of gateway networks: pods leave the cluster by one gateway, and never around it.

Without arguments it is a KRM function: it reads a ResourceList or a stream of manifests on standard input and answers on standard output.`;

const AFTER = `
Exit status: 0 rendered; 1 the input has errors, and nothing was rendered; 2 wrong usage; 70 a fault of this program.

Examples:
  kustomize build . | gateway-network-fn render -
  gateway-network-fn render gateway-network.yaml
  gateway-network-fn render -o rendered .
  kpt fn eval --exec gateway-network-fn`;

/**
 * Runs the command line. Each command loads its code when it runs.
 * @throws {@link UsageError} for a command line that is not understood
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  // With an action of the program itself, commander would take an unknown command for an argument.
  if (args[0] === '--doc') return (await import('./doc.ts')).printDoc();
  let output = '';
  const program = new Command('gateway-network-fn')
    .description(DESCRIPTION)
    .version(__VERSION__, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', AFTER)
    .option('--doc', 'print the description for function catalogues, as JSON')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (output += text), writeErr: () => undefined });
  program
    .command('render')
    .description('print the manifests of a file, a directory or, with -, standard input; or write them to a directory')
    .argument('<path>', 'a YAML or JSON file, a directory of them, or -')
    .option('-o, --output <directory>', 'write a file for each object, and a kustomization.yaml, instead of printing')
    .action(async (path: string, options: { output?: string }) =>
      (await import('./render.ts')).render(path, options.output),
    );
  program
    .command('validate')
    .description('report every problem of the GatewayNetworks in files or directories, and render nothing')
    .argument('<path...>', 'YAML or JSON files, directories of them, or -')
    .action(async (paths: string[]) => (await import('./validate.ts')).validatePaths(paths));
  program
    .command('schema')
    .description('print the JSON Schema of a GatewayNetwork, for editors; or its CustomResourceDefinition')
    .option('--crd', 'print the CustomResourceDefinition')
    .action(async ({ crd }: { crd?: true }) => (await import('./schema.ts')).printSchema(crd === true));
  program
    .command('argocd')
    .description('print the manifests of the current directory, as a config management plugin of Argo CD')
    .option('--announce-parameters', 'print the parameters of its networks instead, as JSON')
    .action(async ({ announceParameters }: { announceParameters?: true }) => {
      const { announce, generate } = await import('./argocd/argocd.ts');
      await (announceParameters ? announce() : generate());
    });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version also end here.
    if (error.exitCode === 0) await print(output);
    else throw new UsageError(reasonOf(program, error));
  }
}

/** The message of commander on one line; for an unknown command, with the commands that exist. */
function reasonOf({ commands }: Command, { code, message }: CommanderError): string {
  const reason = message
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  if (code !== 'commander.unknownCommand') return `${reason}; see --help`;
  return `${reason}; the commands are ${commands.map((command) => command.name()).join(', ')}; see --help`;
}
