import { Command, InvalidArgumentError } from 'commander';

/** The command line. */
export interface Options {
  /** The directory of the artifacts. */
  readonly storagePath: string;
  /** Where artifacts are served, such as `:9090`. */
  readonly storageAddr: string;
  /** Host and port by which consumers reach the artifacts. */
  readonly storageAdvAddr: string;
  /** Where health, readiness and metrics are served. */
  readonly healthAddr: string;
  /** Whether sources in other namespaces are allowed. */
  readonly crossNamespaceRefs: boolean;
  /** How many objects are reconciled at the same time. */
  readonly concurrent: number;
  /** The namespace of the lease. */
  readonly leaseNamespace: string;
}

/** Reads the command line. For help and wrong usage it ends the process. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const namespace = env['POD_NAMESPACE'] ?? 'flux-system';
  return new Command('gateway-network-flux')
    .description('Renders GatewayNetworks from the sources of Flux, and publishes the manifests as ExternalArtifacts.')
    .version(__VERSION__, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--storage-path <directory>', 'where artifacts are kept', '/data')
    .option('--storage-addr <host:port>', 'where artifacts are served', address, ':9090')
    .option(
      '--storage-adv-addr <host:port>',
      'how consumers reach that',
      `gateway-network-flux.${namespace}.svc.cluster.local.`,
    )
    .option('--health-addr <host:port>', 'where /healthz, /readyz and /metrics are served', address, ':9440')
    .option('--no-cross-namespace-refs', 'refuse sources of other namespaces')
    .option('--concurrent <number>', 'how many objects are reconciled at the same time', count, 4)
    .option('--lease-namespace <namespace>', 'where the lease of the leader election is', namespace)
    .parse(args, { from: 'user' })
    .opts<Options>();
}

function address(text: string): string {
  const port = Number(/:(\d{1,5})$/.exec(text)?.[1] ?? Number.NaN);
  if (port <= 65_535) return text;
  throw new InvalidArgumentError('must end in a colon and a port, such as :9090.');
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 64) return value;
  throw new InvalidArgumentError('must be a number from 1 to 64.');
}
