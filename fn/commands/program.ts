import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../files/usage-error.ts';
import { COMPLETE } from './completer.ts';
import type { Shell } from './completion.ts';
import type { DiffOptions } from './diff.ts';
import type { DoctorOptions } from './doctor.ts';
import type { ExplainOptions } from './explain.ts';
import type { GatherOptions } from './gather.ts';
import { print } from './output.ts';
import type { PictureOptions } from './picture.ts';
import type { StatusOptions } from './status.ts';
import type { TestOptions } from './test.ts';

const DESCRIPTION = `Expands GatewayNetworks into the manifests of gateway networks: pods leave the cluster by one gateway, and never around it.

Without arguments it is a KRM function: it reads a ResourceList or a stream of manifests on standard input and answers on standard output.`;

const AFTER = `
Exit status: 0 rendered; 1 the input has errors, and nothing was rendered; 2 wrong usage; 70 a fault of this program.
Of status, doctor and test: 0 all is well; 1 something is wrong; 2 wrong usage, or the cluster cannot be asked.
Of diff: 0 nothing changes; 1 something does; 2 wrong usage, errors in the input, or the cluster cannot be asked.
Of explain: 0 the packet passes, or that depends; 1 it is dropped; 2 as of diff.

Examples:
  kustomize build . | gateway-network-fn render -
  gateway-network-fn render gateway-network.yaml
  gateway-network-fn render -o rendered .
  kpt fn eval --exec gateway-network-fn`;

const NO_EXEC = [
  '--no-exec',
  'run nothing in the pods of agents and routers, who are asked what they have dropped, and more',
] as const;

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
  askingCluster(answering(program.command('status')))
    .description('tell how the networks of your cluster are: agents, routers, clients, and what is wrong')
    .argument('[network]', 'NAME or NAMESPACE/NAME; without it, all networks')
    .addOption(
      new Option('-w, --watch [seconds]', 'print it again and again, until you end it')
        .preset('2')
        .argParser(secondsIn),
    )
    .option(...NO_EXEC)
    .action(async (network: string | undefined, options: StatusOptions) =>
      (await import('./status.ts')).status(network, options),
    );
  askingCluster(answering(program.command('doctor')))
    .description('check your cluster before networks are installed: what is missing, or would be in the way')
    .argument('[path]', 'a YAML or JSON file, a directory of them, or -; without it, the networks of the cluster')
    .action(async (path: string | undefined, options: DoctorOptions) =>
      (await import('./doctor.ts')).doctor(path, options),
    );
  askingCluster(answering(program.command('diff')), 'the namespace of objects that name none; without it, default')
    .description('tell what a change does to what runs: from OLD to NEW, or from what runs in your cluster to PATH')
    .argument('<path...>', 'OLD and NEW, or PATH: YAML or JSON files, directories of them, or -')
    .action(async (paths: string[], options: DiffOptions) => (await import('./diff.ts')).diff(paths, options));
  askingCluster(answering(program.command('explain')), 'the namespace of the pod; without it, default')
    .description('tell which way a packet takes from a pod to an address, and why')
    .argument('<from>', 'a pod of your cluster, NAME or NAMESPACE/NAME; or files with workloads and networks, or -')
    .argument('<destination>', 'an IP address')
    .addOption(new Option('--protocol <protocol>', 'of the packet').choices(['TCP', 'UDP', 'SCTP', 'ICMP']))
    .option('--port <number>', 'the destination port')
    .option('--workload <name>', 'of the workloads in files, only this one: NAME or NAMESPACE/NAME')
    .action(async (from: string, destination: string, options: ExplainOptions) =>
      (await import('./explain.ts')).explain(from, destination, options),
    );
  askingCluster(program.command('gather'))
    .description('write an archive for a bug report about the networks of your cluster, without secrets')
    .argument('[network]', 'NAME or NAMESPACE/NAME; without it, all networks')
    .option('-f, --file <file>', 'the archive, which must not be there yet', 'gateway-network.tar.gz')
    .option(...NO_EXEC)
    .action(async (network: string | undefined, options: GatherOptions) =>
      (await import('./gather.ts')).gather(network, options),
    );
  askingCluster(program.command('picture'))
    .description('draw the networks of files, or those of your cluster with what runs')
    .argument('[path]', 'a YAML or JSON file, a directory of them, or -; without it, the networks of the cluster')
    .addOption(new Option('-o, --output <form>', 'how it is drawn').choices(['svg', 'mermaid']).default('svg'))
    .action(async (path: string | undefined, options: PictureOptions) =>
      (await import('./picture.ts')).picture(path, options),
    );
  program
    .command('completion')
    .description('print the script by which a shell completes this command line')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => (await import('./completion.ts')).completion(shell, program));
  program
    .command('test')
    .description('prove in your cluster, by pods that are gone afterwards, that a network works and nothing leaks')
    .argument('[network]', 'NAME or NAMESPACE/NAME; without it, all networks')
    .addOption(
      new Option('-o, --output <form>', 'how it is printed').choices(['text', 'json', 'junit']).default('text'),
    )
    .option('-n, --namespace <namespace>', 'only networks of this namespace')
    .option('--target <server>', 'a server outside that tells who asks it: http://HOST[:PORT][/PATH] or HOST:PORT')
    .option('--duration <seconds>', 'how long packets are counted; without it, 10, and 60 with --disrupt')
    .option('--nodes <number>', 'on how many nodes it runs pods, at most', '5')
    .option('--disrupt', 'kill the active router meanwhile: traffic of the network is interrupted')
    .option('--context <name>', 'the context of the kubeconfig; without it, the current one')
    .option('--kubeconfig <file>', 'the kubeconfig; without it, that of $KUBECONFIG, or ~/.kube/config')
    .action(async (network: string | undefined, options: TestOptions) =>
      (await import('./test.ts')).test(network, options),
    );
  if (args[0] === COMPLETE) return (await import('./completion.ts')).complete(args.slice(1), program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version also end here.
    if (error.exitCode === 0) await print(output);
    else throw new UsageError(reasonOf(program, error));
  }
}

function secondsIn(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds from 1 to 3600.');
}

/** A verb with the options of all that ask a cluster. */
function askingCluster(verb: Command, namespace = 'only networks of this namespace'): Command {
  return verb
    .option('-n, --namespace <namespace>', namespace)
    .option('--context <name>', 'the context of the kubeconfig; without it, the current one')
    .option('--kubeconfig <file>', 'the kubeconfig; without it, that of $KUBECONFIG, or ~/.kube/config');
}

/** Adds how the answer of a verb is printed. */
function answering(verb: Command): Command {
  return verb.addOption(
    new Option('-o, --output <form>', 'how it is printed').choices(['text', 'json']).default('text'),
  );
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
