import { fault, type Fault } from '../fault.ts';
import type { Toleration } from '../generated/gateway-network.ts';
import { isLabelValue, isQualifiedName, LABEL_VALUE, QUALIFIED_NAME } from '../kubernetes-name.ts';
import type { Rule } from './rule.ts';

/** Tolerations are valid for a pod in Kubernetes. */
export const tolerations: Rule = {
  reads: ['spec.nodes.tolerations', 'spec.gateway.nodes.tolerations'],
  checkNetwork: ({ spec }) => {
    const lists = [
      ['spec.nodes.tolerations', spec.nodes?.tolerations ?? []],
      ['spec.gateway.nodes.tolerations', spec.gateway?.nodes?.tolerations ?? []],
    ] as const;
    return lists.flatMap(([path, list]) =>
      list.flatMap((toleration, index) => tolerationFaults(`${path}[${index}]`, toleration)),
    );
  },
};

function tolerationFaults(path: string, toleration: Toleration): readonly Fault[] {
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  const faults: Fault[] = [];
  if (key === undefined && operator !== 'Exists') {
    const requirement = `be "Exists" when \`${path}.key\` is absent`;
    faults.push(fault('InvalidValue', `${path}.operator`, operator, requirement, { proposed: 'Exists' }));
  }
  if (key !== undefined && !isQualifiedName(key))
    faults.push(fault('InvalidValue', `${path}.key`, key, QUALIFIED_NAME));
  if (value !== undefined && operator === 'Exists') {
    faults.push(fault('InvalidValue', `${path}.value`, value, `be absent when \`${path}.operator\` is "Exists"`));
  } else if (value !== undefined && !isLabelValue(value)) {
    faults.push(fault('InvalidValue', `${path}.value`, value, LABEL_VALUE));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    const requirement = `be absent unless \`${path}.effect\` is "NoExecute"`;
    faults.push(fault('InvalidValue', `${path}.tolerationSeconds`, tolerationSeconds, requirement));
  }
  return faults;
}
