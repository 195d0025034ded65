import { fault, type Fault } from '../fault.ts';
import { fieldPath, type Steps } from '../field-path.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

const SPEC = ['spec', 'gateway', 'egress', 'vpn', 'container', 'spec'];

/**
 * The API server refuses values of other types. In YAML, unquoted `off`, `no` and `18289` are not strings.
 */
export const vpnContainerTypes: Rule = {
  reads: [SPEC.join('.')],
  checkNetwork: ({ spec }) => {
    const container = spec.gateway?.egress?.vpn?.container;
    return container === undefined ? [] : typeFaults(container.spec, '', SPEC);
  },
};

type Type = 'array' | 'boolean' | 'integer' | 'object' | 'string';

const PROBE = {
  '': 'object',
  '.exec': 'object',
  '.exec.command': 'array',
  '.exec.command[]': 'string',
  '.httpGet': 'object',
  '.httpGet.host': 'string',
  '.httpGet.path': 'string',
  '.httpGet.httpHeaders[].name': 'string',
  '.httpGet.httpHeaders[].value': 'string',
  '.initialDelaySeconds': 'integer',
  '.timeoutSeconds': 'integer',
  '.periodSeconds': 'integer',
  '.successThreshold': 'integer',
  '.failureThreshold': 'integer',
} as const;

/** The types in core/v1 Container (Kubernetes 1.37) of the fields that VPN clients use; items of lists are `[]`. */
const TYPES: Readonly<Record<string, Type>> = {
  ...Object.fromEntries(
    ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'].flatMap((name) =>
      Object.entries(PROBE).map(([below, type]) => [name + below, type]),
    ),
  ),
  imagePullPolicy: 'string',
  workingDir: 'string',
  command: 'array',
  'command[]': 'string',
  args: 'array',
  'args[]': 'string',
  env: 'array',
  'env[]': 'object',
  'env[].name': 'string',
  'env[].value': 'string',
  'env[].valueFrom': 'object',
  envFrom: 'array',
  'envFrom[]': 'object',
  'envFrom[].prefix': 'string',
  'envFrom[].secretRef': 'object',
  'envFrom[].secretRef.name': 'string',
  'envFrom[].configMapRef': 'object',
  'envFrom[].configMapRef.name': 'string',
  lifecycle: 'object',
  ports: 'array',
  'ports[]': 'object',
  'ports[].name': 'string',
  'ports[].protocol': 'string',
  'ports[].containerPort': 'integer',
  resources: 'object',
  securityContext: 'object',
  'securityContext.privileged': 'boolean',
  'securityContext.allowPrivilegeEscalation': 'boolean',
  'securityContext.readOnlyRootFilesystem': 'boolean',
  'securityContext.runAsNonRoot': 'boolean',
  'securityContext.runAsUser': 'integer',
  'securityContext.runAsGroup': 'integer',
  'securityContext.capabilities': 'object',
  'securityContext.capabilities.add': 'array',
  'securityContext.capabilities.add[]': 'string',
  'securityContext.capabilities.drop': 'array',
  'securityContext.capabilities.drop[]': 'string',
  stdin: 'boolean',
  stdinOnce: 'boolean',
  tty: 'boolean',
  volumeMounts: 'array',
  'volumeMounts[]': 'object',
  'volumeMounts[].mountPath': 'string',
  'volumeMounts[].subPath': 'string',
  'volumeMounts[].readOnly': 'boolean',
};

const WORDS: Readonly<Record<Type, string>> = {
  array: 'a list',
  boolean: '"true" or "false"',
  integer: 'an integer',
  object: 'a mapping',
  string: 'a string',
};

/**
 * Null is the same as an absent field, except as an item of a list. `owner` is the `name` of what the value stands
 * in, such as a variable.
 */
function typeFaults(value: unknown, at: string, steps: Steps, owner?: string): readonly Fault[] {
  const wanted = TYPES[at];
  if (value === null && !at.endsWith('[]')) return [];
  const type = typeOf(value);
  if (wanted !== undefined && type !== wanted) return [wrongType(value, type, wanted, steps, owner)];
  if (Array.isArray(value)) return value.flatMap((item, index) => typeFaults(item, `${at}[]`, [...steps, index]));
  if (type !== 'object') return [];
  const { name: own } = value as { readonly name?: unknown };
  return Object.entries(value as object).flatMap(([name, inner]) =>
    typeFaults(
      inner,
      at === '' ? name : `${at}.${name}`,
      [...steps, name],
      typeof own === 'string' && name !== 'name' ? own : owner,
    ),
  );
}

function wrongType(value: unknown, type: string, wanted: Type, steps: Steps, owner: string | undefined): Fault {
  const isScalar = type === 'boolean' || type === 'integer' || type === 'number';
  const remedy = wanted === 'string' && isScalar ? ', so quote it' : '';
  const article = /^[aeiou]/.test(type) ? 'an' : 'a';
  const name = { array: 'a list', object: 'a mapping', null: 'null' }[type] ?? `${article} ${type}`;
  const because = `${owner === undefined ? 'this is' : `${quote(owner)} has`} ${name}${remedy}`;
  return fault('InvalidType', fieldPath(steps), value, `be ${WORDS[wanted]}`, { because });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}
