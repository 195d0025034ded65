import { fault, type Fault } from '../fault.ts';
import type { Client, GatewayNetwork, LabelSelector, MatchExpression } from '../generated/gateway-network.ts';
import { isLabelValue, isQualifiedName, LABEL_VALUE, QUALIFIED_NAME } from '../kubernetes-name.ts';
import { quote } from '../quote.ts';
import type { Rule } from './rule.ts';

/**
 * Selectors are valid in Kubernetes. An empty one means the same as none: every node, or every pod that the rest of
 * the entry selects. One that would make every workload a client is refused.
 */
export const selectors: Rule = {
  reads: ['spec.nodes.selector', 'spec.gateway.nodes.selector', 'spec.clients'],
  checkNetwork: (network) => [
    ...selectorsOf(network).flatMap(({ path, selector }) => selectorFaults(path, selector)),
    ...(network.spec.clients ?? []).flatMap((client, index) => everything(`spec.clients[${index}]`, client)),
  ],
};

interface Located {
  readonly path: string;
  readonly selector: LabelSelector;
}

function selectorsOf({ spec }: GatewayNetwork): readonly Located[] {
  const nodes = [
    ['spec.nodes.selector', spec.nodes?.selector],
    ['spec.gateway.nodes.selector', spec.gateway?.nodes?.selector],
  ] as const;
  const clients = (spec.clients ?? []).flatMap(
    ({ selector, namespaceSelector }, index) =>
      [
        [`spec.clients[${index}].selector`, selector],
        [`spec.clients[${index}].namespaceSelector`, namespaceSelector],
      ] as const,
  );
  return [...nodes, ...clients].flatMap(([path, selector]) => (selector === undefined ? [] : [{ path, selector }]));
}

function everything(
  path: string,
  { selector, names, namespaces, namespaceSelector, workloads }: Client,
): readonly Fault[] {
  const isNarrow = [names, namespaces, namespaceSelector, workloads].some((other) => other !== undefined);
  return [
    ...(selector === undefined || isNarrow ? [] : notEmpty(`${path}.selector`, selector, 'everything')),
    ...(namespaceSelector === undefined
      ? []
      : notEmpty(`${path}.namespaceSelector`, namespaceSelector, 'every namespace')),
  ];
}

function notEmpty(path: string, selector: LabelSelector, selected: string): readonly Fault[] {
  if (!isEmpty(selector)) return [];
  const requirement = 'have an entry in `matchLabels` or `matchExpressions`';
  return [fault('InvalidSelector', path, selector, requirement, { because: `an empty selector selects ${selected}` })];
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length + matchExpressions.length === 0;
}

function selectorFaults(path: string, selector: LabelSelector): readonly Fault[] {
  const labels = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  return [
    ...labels.flatMap(([key, value]) => labelFaults(`${path}.matchLabels[${JSON.stringify(key)}]`, key, value)),
    ...expressions.flatMap((expression, index) => expressionFaults(`${path}.matchExpressions[${index}]`, expression)),
  ];
}

/** The key and the value of a label that must be there. */
export function labelFaults(path: string, key: string, value: string): readonly Fault[] {
  return [
    ...(isQualifiedName(key)
      ? []
      : [fault('InvalidSelector', path, key, QUALIFIED_NAME, { because: 'it is a label key' })]),
    ...(isLabelValue(value) ? [] : [fault('InvalidSelector', path, value, LABEL_VALUE)]),
  ];
}

function expressionFaults(path: string, { key, operator, values = [] }: MatchExpression): readonly Fault[] {
  const keyFaults = isQualifiedName(key) ? [] : [fault('InvalidSelector', `${path}.key`, key, QUALIFIED_NAME)];
  const takesValues = operator === 'In' || operator === 'NotIn';
  const when = `when \`${path}.operator\` is ${quote(operator)}`;
  if (takesValues && values.length === 0) {
    return [...keyFaults, fault('InvalidSelector', `${path}.values`, undefined, `have at least one entry ${when}`)];
  }
  if (!takesValues && values.length > 0) {
    return [...keyFaults, fault('InvalidSelector', `${path}.values`, values, `be absent ${when}`)];
  }
  return [
    ...keyFaults,
    ...values.flatMap((value, index) =>
      isLabelValue(value) ? [] : [fault('InvalidSelector', `${path}.values[${index}]`, value, LABEL_VALUE)],
    ),
  ];
}
