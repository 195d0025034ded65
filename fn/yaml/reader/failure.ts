/** What is wrong with a text, and at which offset. */
export interface Failure {
  readonly reason: string;
  readonly offset: number;
}
