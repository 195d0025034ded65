import { fault, refusal, type Fault } from '../fault.ts';
import { DNS_LABEL, isDnsLabel } from '../kubernetes-name.ts';
import { anyOf, quote } from '../quote.ts';
import { closest } from '../unknown-field.ts';
import { imageFaults } from './images.ts';
import type { Rule } from './rule.ts';

const SPEC = 'spec.gateway.egress.vpn.container.spec';
const VOLUMES = 'spec.gateway.egress.vpn.container.volumes';

/** core/v1 Container (Kubernetes 1.37), its top level. */
const FIELDS: ReadonlySet<string> = new Set(
  `args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy resources restartPolicy
  restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices
  volumeMounts workingDir`.split(/\s+/),
);

/** The containers and volumes that routers have of their own. */
const CONTAINERS = ['router', 'rules', 'wireguard', 'keepalived', 'connections', 'resolver', 'metrics'];
const OWN_VOLUMES = ['config', 'state', 'metrics'];

/**
 * The user's container can run beside ours: a pinned image, unique names, only its own volumes, and the capability to
 * create an interface.
 */
export const vpnContainer: Rule = {
  reads: [SPEC, VOLUMES],
  checkNetwork: ({ spec }) => {
    const container = spec.gateway?.egress?.vpn?.container;
    if (container === undefined) return [];
    const own: Mapping = container.spec;
    const volumes: readonly Mapping[] = container.volumes ?? [];
    return [
      ...Object.keys(own).flatMap((name) => (FIELDS.has(name) ? [] : [unknown(name, own[name])])),
      ...nameFaults(own['name']),
      ...pinned(own['image']),
      ...privilegeFaults(own['securityContext']),
      ...mountFaults(own['volumeMounts'], volumes),
      ...volumes.flatMap((volume, index) => volumeFaults(volume['name'], index, volumes)),
    ];
  },
};

type Mapping = Readonly<Record<string, unknown>>;

function unknown(name: string, value: unknown): Fault {
  const meant = closest(name, [...FIELDS]);
  const hint = meant === undefined ? '' : `: did you mean \`${meant}\`?`;
  const message = `\`${SPEC}.${name}\` must be removed or renamed, it is not a field of a container (core/v1)${hint}`;
  return { code: 'UnknownField', path: `${SPEC}.${name}`, value, message };
}

function nameFaults(name: unknown): readonly Fault[] {
  const path = `${SPEC}.name`;
  if (name === undefined) return [];
  if (typeof name !== 'string' || !isDnsLabel(name)) return [fault('InvalidName', path, name, DNS_LABEL)];
  if (!CONTAINERS.includes(name)) return [];
  return [
    refusal('Collision', path, name, 'be another name', { because: 'a container of the router may have this one' }),
  ];
}

function pinned(image: unknown): readonly Fault[] {
  const path = `${SPEC}.image`;
  const example = 'registry.example.com/vpn:v1.2.3';
  if (typeof image !== 'string') {
    return [fault('InvalidImage', path, image, `be an image reference, such as ${quote(example)}`)];
  }
  return imageFaults(path, image, example);
}

/** Kubernetes takes names of capabilities as they come; runtimes know them by CAP_ and capital letters. */
function privilegeFaults(context: unknown): readonly Fault[] {
  const { capabilities, privileged } = mapping(context);
  const { add } = mapping(capabilities);
  const added = (Array.isArray(add) ? add : []).map((name) => String(name).toUpperCase().replace(/^CAP_/, ''));
  if (privileged === true || added.some((name) => name === 'NET_ADMIN' || name === 'ALL')) return [];
  const because = 'without it no network interface can be made';
  return [
    fault('InvalidValue', `${SPEC}.securityContext.capabilities.add`, add, 'have "NET_ADMIN" in it', { because }),
  ];
}

function mountFaults(mounts: unknown, volumes: readonly Mapping[]): readonly Fault[] {
  const names = volumes.map(({ name }) => name).filter((name) => typeof name === 'string');
  const requirement = names.length === 0 ? `be the name of an entry of \`${VOLUMES}\`` : `be ${anyOf(names)}`;
  return (Array.isArray(mounts) ? mounts : []).flatMap((mount: unknown, index) => {
    const { name } = mapping(mount);
    if (typeof name === 'string' && names.includes(name)) return [];
    return [fault('InvalidName', `${SPEC}.volumeMounts[${index}].name`, name, requirement)];
  });
}

function volumeFaults(name: unknown, index: number, volumes: readonly Mapping[]): readonly Fault[] {
  const path = `${VOLUMES}[${index}].name`;
  if (typeof name !== 'string' || !isDnsLabel(name)) return [fault('InvalidName', path, name, DNS_LABEL)];
  if (OWN_VOLUMES.includes(name)) {
    return [
      refusal('Collision', path, name, 'be another name', { because: 'a volume of the router may have this one' }),
    ];
  }
  const earlier = volumes.findIndex((volume) => volume['name'] === name);
  return earlier === index ? [] : [refusal('Collision', path, name, `differ from \`${VOLUMES}[${earlier}].name\``)];
}

/** A value as a mapping; an empty one where it is none. */
function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
