/** Thrown if the text of an object cannot be changed at the requested place. The message is for the user. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
  /**
   * `Unreadable`: the text is not valid YAML. `NotAMap`: a value is not the mapping or sequence
   * that is needed. `Shared`: an anchor shares the value with another place, which would change
   * too.
   */
  readonly reason: 'Unreadable' | 'NotAMap' | 'Shared';

  constructor(reason: NotEditable['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}
