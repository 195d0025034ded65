import type { V1Variable } from '@kubernetes/client-node';
import { GUARD, guardContainer, guardVolume } from '../plan/guard.ts';
import type { NetworkPlan } from '../plan/network-plan.ts';
import { literal } from './cel.ts';

/** `Same`: the image of the network. `OfAnyRelease`: also another tag or digest of it. */
type Image = 'Same' | 'OfAnyRelease';

/**
 * Whether the first container of a pod is the guard, and none that only has its name: what it runs must be it, for this
 * network, and nothing of the pod's may lead it astray. Others may give it what they give every container, such as
 * variables and tokens.
 */
export function guardVariable(plan: NetworkPlan, image: Image): V1Variable {
  const { command, args, volumeMounts } = guardContainer(plan);
  const [mount] = volumeMounts;
  return {
    name: 'isGuarded',
    expression: `object.spec.?initContainers.orValue([]).size() > 0 && [object.spec.initContainers[0]].all(c,
  c.name == "${GUARD}" && ${imageIs(plan, image)} &&
  c.?command.orValue([]) == ${JSON.stringify(command)} &&
  c.?args.orValue([]) == ${JSON.stringify(args)} &&
  !has(c.envFrom) && !has(c.restartPolicy) && !has(c.lifecycle) &&
  c.?env.orValue([]).all(e, !e.name.matches("^(LD_|PATH$)")) &&
  c.?volumeMounts.orValue([]).all(m, m.mountPath == "${mount?.mountPath}" ||
    (m.mountPath.startsWith("/var/run/secrets/") && !m.mountPath.contains(".."))))`,
  };
}

function imageIs({ image }: NetworkPlan, which: Image): string {
  if (which === 'Same') return `c.image == ${JSON.stringify(image)}`;
  const repository = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return `[":", "@"].exists(s, c.image.startsWith(${JSON.stringify(repository)} + s))`;
}

/** Puts the guard first, once, with its volume. Names are unique in a pod, so another of that name makes way. */
export function guardPatch(plan: NetworkPlan): string {
  const container = literal('Object.spec.initContainers', guardContainer(plan));
  const volume = literal('Object.spec.volumes', guardVolume());
  const added = 'object.spec.?initContainers.orValue([]).map(c, c.name)';
  const volumes = 'object.spec.?volumes.orValue([]).map(v, v.name)';
  return `variables.isGuarded ? [] :
("${GUARD}" in ${added}
  ? [JSONPatch{op: "remove", path: "/spec/initContainers/" + string(${added}.indexOf("${GUARD}"))}] : []) +
(has(object.spec.initContainers) ? [] : [JSONPatch{op: "add", path: "/spec/initContainers", value: []}]) +
(has(object.spec.volumes) ? [] : [JSONPatch{op: "add", path: "/spec/volumes", value: []}]) +
("${GUARD}" in ${volumes} ? [] : [JSONPatch{op: "add", path: "/spec/volumes/-", value: ${volume}}]) +
[JSONPatch{op: "add", path: "/spec/initContainers/0", value: ${container}}]`;
}
