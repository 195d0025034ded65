import { relative } from 'node:path';
import type { ReadResult } from '../../krm/input.ts';
import { hasErrors, type Problem } from '../../krm/problem.ts';
import { read } from '../../krm/read.ts';
import { joinStreams } from '../../krm/streams.ts';
import { documentsOf, type OutputDocument } from '../../krm/write.ts';
import { run } from '../../run.ts';
import { report } from '../exit.ts';
import { print } from '../output.ts';
import { announcementsOf } from './announce.ts';
import { type Checkout, checkoutAt } from './checkout.ts';
import { withCopy } from './copy.ts';
import { atDestination, networksOf } from './destination.ts';
import { readDirectory } from './directory.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { copyOf, kustomizationIn } from './kustomization.ts';
import { kustomizeBuild } from './kustomize.ts';
import { readParameters } from './parameters.ts';
import { ATTACHMENT, withSyncOptions } from './sync.ts';

/** The objects in the application's directory, or the problems that prevent reading them. */
type Loaded = { readonly loaded: ReadResult } | { readonly refused: readonly Problem[] };

/**
 * The `generate` command of the config management plugin: prints the manifests of the application
 * in the current directory. On any error it prints nothing, and the exit status is not 0: after an
 * empty success Argo CD would prune the application.
 */
export async function generate(): Promise<void> {
  const environment = readEnvironment(process.env, process.cwd());
  const parameters = readParameters(environment.parameters);
  const loaded = await load(environment);
  if ('refused' in loaded) return report(loaded.refused);
  const { input, problems: unreadable } = loaded.loaded;
  const destined = atDestination(input, parameters, environment.namespace);
  const outcome = run({ input: destined, problems: unreadable });
  if (hasErrors(outcome.problems)) return report(outcome.problems);
  const added = outcome.changes.added.map((object) => withSyncOptions(object, parameters));
  const documents = documentsOf(outcome.input, { ...outcome.changes, added });
  report([...outcome.problems, ...missing(environment, documents)]);
  await print(joinStreams(documents.map(({ text }) => text)));
}

/** The command for dynamic parameters: prints the parameters of the application's networks, as JSON. */
export async function announce(): Promise<void> {
  const environment = readEnvironment(process.env, process.cwd());
  const loaded = await load(environment);
  if ('refused' in loaded) return report(loaded.refused);
  const none = readParameters('');
  const networks = networksOf(atDestination(loaded.loaded.input, none, environment.namespace));
  await print(`${JSON.stringify(announcementsOf(networks))}\n`);
}

async function load({ checkout: root, directory }: Environment): Promise<Loaded> {
  const checkout: Checkout = checkoutAt(root);
  if (kustomizationIn(checkout, directory) === undefined) return { loaded: readDirectory(checkout, directory) };
  const copy = copyOf(checkout, directory);
  if ('problems' in copy) return { refused: copy.problems };
  const built = withCopy(checkout, copy, (folder) => kustomizeBuild(folder, relative(root, directory)));
  return { loaded: read(await built) };
}

/**
 * Advice about a kind that the cluster does not serve yet. It is no error, since the same sync may
 * install Multus.
 */
function missing({ apiVersions, kubeVersion }: Environment, documents: readonly OutputDocument[]): readonly Problem[] {
  const wanted = documents.find(({ identity }) => identity?.kind === ATTACHMENT)?.identity?.apiVersion;
  if (wanted === undefined || apiVersions.length === 0) return [];
  if (apiVersions.includes(wanted) || apiVersions.includes(`${wanted}/${ATTACHMENT}`)) return [];
  const cluster = kubeVersion === '' ? 'the cluster' : `the cluster (Kubernetes ${kubeVersion.replace(/^v/, '')})`;
  return [
    {
      code: 'Advice',
      severity: 'warning',
      message: `${cluster} does not serve ${wanted} ${ATTACHMENT} yet: install Multus before the pods`,
    },
  ];
}
