import { fault, type Fault } from '../fault.ts';
import type { Client, Workload } from '../generated/gateway-network.ts';
import { DNS_LABEL, DNS_SUBDOMAIN, isDnsLabel, isDnsSubdomain } from '../kubernetes-name.ts';
import { anyOf, quote } from '../quote.ts';
import { knownWorkload, LISTED_WORKLOADS } from '../workload-kinds.ts';
import type { Rule } from './rule.ts';

/** An entry of `spec.clients` is not empty, and its names are valid. Another rule checks the labels. */
export const clients: Rule = {
  reads: ['spec.clients'],
  checkNetwork: ({ spec }) =>
    (spec.clients ?? []).flatMap((client, index) => clientFaults(`spec.clients[${index}]`, client)),
};

function clientFaults(path: string, client: Client): readonly Fault[] {
  const { selector, names, namespaces, namespaceSelector, workloads, attachment, preserveInbound, networkPolicy } =
    client;
  const faults: Fault[] = [];
  if ([selector, names, namespaces, namespaceSelector, workloads].every((field) => field === undefined)) {
    const requirement = 'have a `selector`, `names`, `namespaces`, `namespaceSelector` or `workloads`';
    faults.push(
      fault('InvalidSelector', path, client, requirement, { because: 'an empty entry selects every workload' }),
    );
  }
  for (const [index, name] of (names ?? []).entries()) {
    if (!isDnsSubdomain(name)) faults.push(fault('InvalidName', `${path}.names[${index}]`, name, DNS_SUBDOMAIN));
  }
  for (const [index, name] of (namespaces ?? []).entries()) {
    if (!isDnsLabel(name)) faults.push(fault('InvalidName', `${path}.namespaces[${index}]`, name, DNS_LABEL));
  }
  faults.push(
    ...(workloads ?? []).flatMap((workload, index) => workloadFaults(`${path}.workloads[${index}]`, workload)),
  );
  if (attachment === 'PerNamespace' && namespaces === undefined) {
    faults.push(
      fault('MissingField', `${path}.namespaces`, undefined, `be set when \`${path}.attachment\` is "PerNamespace"`, {
        because: 'its attachment is rendered into them',
      }),
    );
  }
  if (preserveInbound === 'Enabled' && namespaces === undefined) {
    faults.push(
      fault('MissingField', `${path}.namespaces`, undefined, `be set when \`${path}.preserveInbound\` is "Enabled"`, {
        because: 'the program for it is rendered into these namespaces',
      }),
    );
  }
  return networkPolicy === 'Enabled' ? [...faults, ...policyFaults(path, client)] : faults;
}

/** A NetworkPolicy is in one namespace, and chooses pods by their labels alone. */
function policyFaults(path: string, client: Client): readonly Fault[] {
  const when = `when \`${path}.networkPolicy\` is "Enabled"`;
  const missing = fault('MissingField', `${path}.namespaces`, undefined, `be set ${when}`, {
    because: 'the policy is rendered into these namespaces',
  });
  const others = (['names', 'workloads'] as const).flatMap((field) =>
    client[field] === undefined
      ? []
      : [
          fault('InvalidValue', `${path}.${field}`, client[field], `be absent ${when}`, {
            because: 'a NetworkPolicy chooses pods by their labels: use `selector`',
          }),
        ],
  );
  return [...(client.namespaces === undefined ? [missing] : []), ...others];
}

/** Fields of objects in Kubernetes; nothing that needs brackets, quotes or an index. */
const FIELD_PATH = /^[A-Za-z_][-\w]*(\.[A-Za-z_][-\w]*)*$/;
const API_VERSION = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[a-z0-9]+$/;
const KIND = /^[A-Za-z][A-Za-z0-9]*$/;

function workloadFaults(path: string, { apiVersion, kind, templatePath }: Workload): readonly Fault[] {
  if (apiVersion !== undefined && !API_VERSION.test(apiVersion)) {
    return [
      fault('InvalidValue', `${path}.apiVersion`, apiVersion, 'be "group/version" or "version", such as "apps/v1"'),
    ];
  }
  if (!KIND.test(kind))
    return [fault('InvalidValue', `${path}.kind`, kind, 'be letters and digits, such as "Deployment"')];
  const known = knownWorkload(kind, apiVersion);
  if (known !== undefined) {
    const place = known.path.join('.');
    if (templatePath === undefined || templatePath === place) return [];
    const because = `the path to the pods of a ${kind} is known`;
    const requirement = place === '' ? 'be absent' : `be absent or ${quote(place)}`;
    return [fault('InvalidValue', `${path}.templatePath`, templatePath, requirement, { because })];
  }
  const missing = [
    ['apiVersion', apiVersion, 'its group distinguishes it from other kinds of that name'],
    ['templatePath', templatePath, `without it the kind must be ${anyOf(LISTED_WORKLOADS.map((one) => one.kind))}`],
  ].flatMap(([name, value, because]) =>
    value === undefined
      ? [
          fault('MissingField', `${path}.${name}`, undefined, `be set for the kind "${kind}"`, {
            because: because ?? '',
          }),
        ]
      : [],
  );
  if (
    templatePath === undefined ||
    (FIELD_PATH.test(templatePath) && !templatePath.startsWith('metadata.') && templatePath !== 'metadata')
  ) {
    return missing;
  }
  const requirement = 'be the path of fields from the root of the object, such as "spec.template"';
  return [...missing, fault('InvalidValue', `${path}.templatePath`, templatePath, requirement)];
}
