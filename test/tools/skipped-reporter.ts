import type { Reporter, TestModule } from 'vitest/node';
import { missingBy } from './needs-title.ts';
import { skippedLines, type FileOutcome } from './skipped.ts';

/** Says at the end of a run what was skipped for want of which tool. */
export class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = skippedLines(modules.map(outcomeOf));
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n\n`);
  }
}

function outcomeOf(module: TestModule): FileOutcome {
  const tests = [...module.children.allTests()];
  const titles = [...module.children.allSuites(), ...tests].map(({ name }) => name);
  return {
    missing: [...new Set(titles.flatMap(missingBy))],
    isWhole: tests.every((test) => test.result().state === 'skipped'),
  };
}
