/** Thrown if the text of an object cannot be changed in the requested place. The message is for the user. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
  /** `Shared`: by an anchor and an alias, another place would change too. `NotAMap`: there is something else than a map or a list. */
  readonly reason: 'Unreadable' | 'NotAMap' | 'Shared';

  constructor(reason: NotEditable['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
