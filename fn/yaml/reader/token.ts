/** The style of a scalar. */
export type Style = 'Plain' | 'Single' | 'Double' | 'Literal' | 'Folded';

export type TokenKind =
  | 'Alias'
  | 'Anchor'
  | 'BlockEnd'
  | 'BlockMap'
  | 'BlockList'
  | 'Directive'
  | 'DocumentEnd'
  | 'DocumentStart'
  | 'Element'
  | 'FlowList'
  | 'FlowListEnd'
  | 'FlowMap'
  | 'FlowMapEnd'
  | 'Comma'
  | 'Key'
  | 'Scalar'
  | 'StreamEnd'
  | 'Tag'
  | 'Value';

/** A part of the text with a meaning of its own. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** The value of a scalar, the name of an anchor or an alias, or the handle of a tag or a directive. */
  readonly text: string;
  /** The suffix of a tag, or the prefix of a directive. */
  readonly suffix?: string;
  readonly style?: Style;
}
