/** An error, a warning or an information, in terms of the user's objects. Problems are data; they travel beside the manifests. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning' | 'info';
  /** One sentence that names the field by its full path, quotes the user's value and says what is allowed. */
  readonly message: string;
  /** The object that the problem is about. */
  readonly ref?: ResourceRef;
  readonly field?: ProblemField;
  /** The file that holds the object, relative to the package root, with slashes. */
  readonly file?: FileRef;
  /** Where in that file the field stands, counted from one; only where files were read, and not items that orchestrators hand over. */
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
  /** A value that would be accepted, where one is known. */
  readonly proposedValue?: unknown;
}

/** Every code that a {@link Problem} can carry; a user may rely on them in scripts. They leave as `tags.code` of a result. */
export type ProblemCode =
  // the input, and the networks in it
  | 'UnreadableInput'
  | 'NoNetwork'
  | 'DuplicateNetwork'
  | 'UnsupportedVersion'
  // a value is not allowed by its type, its limits, or a rule that has no code of its own
  | 'UnknownField'
  | 'MissingField'
  | 'InvalidType'
  | 'InvalidValue'
  // a value of the right type is wrong, or clashes with another
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
  // no fault: what a run did, and what is good to know
  | 'Rendered'
  | 'Advice';

/** Whether any of them keeps the run from writing anything. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
