/**
 * An error, a warning or an information about the user's objects. Problems are data, and are
 * returned together with the manifests.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning' | 'info';
  /** One sentence that names the field by its full path, quotes the user's value and says what is allowed. */
  readonly message: string;
  /** The object that the problem is about. */
  readonly ref?: ResourceRef;
  readonly field?: ProblemField;
  /** The file that contains the object, relative to the package root, with slashes. */
  readonly file?: FileRef;
  /**
   * The position of the field in that file, counted from 1. Only for files that were read, and not
   * for items from an orchestrator.
   */
  readonly position?: { readonly line: number; readonly column: number };
}

/** A file of a package, and the position of an object in it, from 0. */
export interface FileRef {
  readonly path: string;
  readonly index: number;
}

export interface ResourceRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface ProblemField {
  /** Full path of the field, such as `spec.clients[0].selector`. */
  readonly path: string;
  readonly currentValue?: unknown;
  /** A value that would be accepted, if one is known. */
  readonly proposedValue?: unknown;
}

/**
 * The codes of {@link Problem}. Scripts may rely on them. A result of a ResourceList has its code
 * in `tags.code`.
 */
export type ProblemCode =
  // the input, and the networks in it
  | 'UnreadableInput'
  | 'NoNetwork'
  | 'DuplicateNetwork'
  | 'UnsupportedVersion'
  // a value that its type, its limits, or a rule without a code of its own does not allow
  | 'UnknownField'
  | 'MissingField'
  | 'InvalidType'
  | 'InvalidValue'
  // a value of the right type that is wrong, or conflicts with another one
  | 'InvalidName'
  | 'InvalidSubnet'
  | 'InvalidAddress'
  | 'InvalidUnion'
  | 'InvalidSelector'
  | 'InvalidImage'
  | 'InvalidMTU'
  | 'Overlap'
  | 'Collision'
  | 'Unsupported'
  // objects of the input that are not GatewayNetworks
  | 'NotOurs'
  | 'Orphan'
  | 'ClientConflict'
  | 'NoClient'
  // no error: what a run did, and what is good to know
  | 'Rendered'
  | 'Advice';

/** Whether one of them is an error. Then the run changes nothing. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
