import type { Manifest } from '../changes/manifest.ts';
import { sideOf } from '../changes/side.ts';
import { Unreadable } from '../explain/network-facts.ts';
import { UsageError } from '../files/usage-error.ts';
import { hasErrors } from '../krm/problem.ts';
import { mermaidOf } from '../picture/mermaid.ts';
import { type NetworkPicture, networkPictures } from '../picture/network-picture.ts';
import { running } from '../picture/running.ts';
import { svgOf } from '../picture/svg.ts';
import { run } from '../run.ts';
import type { NetworkStatus } from '../status/network-status.ts';
import { labelOf } from '../status/owner.ts';
import { statusOf } from '../status/status.ts';
import { questionOf } from './cluster-options.ts';
import { report } from './exit.ts';
import { type NetworksOptions, networksWanted, requireNetworkIn } from './networks-wanted.ts';
import { print } from './output.ts';
import { readPaths } from './read-path.ts';

/** The options of the verb. */
export interface PictureOptions extends NetworksOptions {
  readonly output: keyof typeof DRAWN;
}

const DRAWN = { svg: svgOf, mermaid: mermaidOf } as const;

/**
 * Prints a picture of the networks in files, with their clients; or, without a path, of the networks in the cluster,
 * with the pods that run.
 * @throws {@link UsageError} where the cluster cannot be asked, or has no network
 */
export async function picture(path: string | undefined, options: PictureOptions): Promise<void> {
  const pictures = path === undefined ? await ofCluster(options) : await ofPath(path, options);
  if (pictures !== undefined) await print(DRAWN[options.output](pictures));
}

/** Nothing where the input has errors, which are then reported. */
async function ofPath(path: string, { namespace }: PictureOptions): Promise<readonly NetworkPicture[] | undefined> {
  const outcome = run(await readPaths([path]));
  if (hasErrors(outcome.problems)) {
    report(outcome.problems);
    return undefined;
  }
  const pictures = networkPictures(sideOf(outcome, undefined).manifests);
  const labels = pictures.map(({ label }) => label);
  requireNetworkIn(namespace, path, labels);
  return pictures.filter(({ label }) => namespace === undefined || label.startsWith(`${namespace}/`));
}

async function ofCluster(options: PictureOptions): Promise<readonly NetworkPicture[]> {
  const { observation, networks } = await networksWanted(undefined, options);
  const { written } = await import('../cluster/observe.ts');
  const answer = await written(questionOf(options), undefined, []);
  if ('refusal' in answer) throw new UsageError(answer.refusal);
  const states = new Map(networks.map((one) => [labelOf(one), statusOf(one, observation, Date.now())]));
  return picturesOf(answer.objects as readonly Manifest[], states);
}

function picturesOf(manifests: readonly Manifest[], states: ReadonlyMap<string, NetworkStatus>) {
  try {
    return networkPictures(manifests).flatMap((one) => {
      const state = states.get(one.label);
      return state === undefined ? [] : running(one, state);
    });
  } catch (error) {
    if (error instanceof Unreadable) throw new UsageError(error.message);
    throw error;
  }
}
