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

export function parseSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): Selector {
  return {
    labels: matchLabels,
    expressions: matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
  };
}
