import { apply, type Change } from '../change.ts';
import { say } from '../system/process.ts';

/** What the agent changes, and what a pass finds. */
export class Journal {
  faults: string[] = [];
  notes: string[] = [];
  changes = 0;
  /** Changes that put right what something else had changed. */
  repairs = 0;
  /** Whether what is changed is no repair: the agent has just started, or something else is wanted than before. */
  due = true;

  private readonly onChange: () => void;

  /** @param onChange is called when something was changed of the links */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  begin(): void {
    this.faults = [];
    this.notes = [];
  }

  /** What keeps the agent from being ready. */
  fault(text: string): void {
    this.faults.push(text);
  }

  /** What is worth knowing of what is ready all the same. */
  note(text: string): void {
    this.notes.push(text);
  }

  /** How many changes and faults there have been: where that has not grown, nothing was done. */
  count(): number {
    return this.changes + this.faults.length;
  }

  /** Makes one change and says so; a failure is a fault. Whether it was made. */
  change(change: Change, isDue = this.due): boolean {
    const failure = apply(change);
    if (!change.keepsLinks) this.onChange();
    if (failure !== undefined) {
      this.fault(`${change.what}: failed: ${failure}`);
      return false;
    }
    say(change.what);
    this.changes += 1;
    if (!isDue) this.repairs += 1;
    return true;
  }

  /** Makes changes in their order, up to the first that fails. Whether all were made. */
  changeAll(changes: readonly Change[], isDue = this.due): boolean {
    return changes.every((change) => this.change(change, isDue));
  }
}
