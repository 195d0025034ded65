import type { LabelSelector } from './generated/gateway-network.ts';

/** Requirements on labels, all of which must hold. */
export interface Selector {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** Whether a selector requires nothing. */
export function isEmptySelector({ labels, expressions }: Selector): boolean {
  return Object.keys(labels).length + expressions.length === 0;
}

export function parseSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): Selector {
  return {
    labels: matchLabels,
    expressions: matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
  };
}
