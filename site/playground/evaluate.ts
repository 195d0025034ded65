import { type Manifest, isRendered } from '../../fn/changes/manifest.ts';
import { networkChange, type NetworkChange, type Side } from '../../fn/changes/network-change.ts';
import { sideOf } from '../../fn/changes/side.ts';
import { inApplyOrder } from '../../fn/commands/apply-order.ts';
import { findNetworks } from '../../fn/find/find-networks.ts';
import { type Network } from '../../fn/api/network.ts';
import { validate } from '../../fn/api/validate.ts';
import { hasErrors, type Problem } from '../../fn/krm/problem.ts';
import { readFiles } from '../../fn/krm/read.ts';
import { documentsOf, type OutputDocument } from '../../fn/krm/write.ts';
import { networkPictures } from '../../fn/picture/network-picture.ts';
import { svgOf } from '../../fn/picture/svg.ts';
import { descriptionOf } from '../../fn/picture/words.ts';
import { run } from '../../fn/run.ts';
import { labelOf } from '../../fn/status/owner.ts';

/** The name that messages give to what is in the editor. */
export const FILE = 'spec.yaml';

/** What the function makes of a text. */
export interface Evaluation {
  readonly problems: readonly Problem[];
  /** Nothing where a problem is an error. */
  readonly result?: Result;
}

export interface Result {
  /** In the order in which `kubectl apply` can create them. */
  readonly documents: readonly OutputDocument[];
  readonly side: Side;
  readonly networks: readonly Network[];
  readonly manifests: readonly Manifest[];
  /** The workloads, which the function has not rendered. */
  readonly workloads: readonly Manifest[];
  /** An SVG, and the same in words. */
  readonly picture: { readonly svg: string; readonly words: string };
}

/** Runs the function on documents of YAML or JSON, as `gateway-network-fn render` does on a file. */
export function evaluate(text: string): Evaluation {
  const read = readFiles([{ path: FILE, text }]);
  const outcome = run(read);
  if (hasErrors(outcome.problems)) return { problems: outcome.problems };
  const side = sideOf(outcome, undefined);
  const pictures = networkPictures(side.manifests);
  return {
    problems: outcome.problems,
    result: {
      documents: inApplyOrder(documentsOf(outcome.input, outcome.changes)),
      side,
      networks: validate(findNetworks(read.input, []).candidates).networks.map(({ network }) => network),
      manifests: side.manifests,
      workloads: side.manifests.filter((one) => !isRendered(one)),
      picture: { svg: svgOf(pictures), words: pictures.map(descriptionOf).join(' ') },
    },
  };
}

/** What a change does to each network of either side, by namespace and name. */
export function changesOf(before: Side, after: Side): readonly NetworkChange[] {
  const networks = new Map([...before.networks, ...after.networks].map((one) => [labelOf(one), one]));
  return [...networks.keys()]
    .toSorted()
    .flatMap((label) => networks.get(label) ?? [])
    .map((network) => networkChange(network, before, after));
}
