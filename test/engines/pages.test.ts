import { expect, test } from 'vitest';
import { isRunHere } from '../documents/command-fault.ts';
import { blocksOf, FOR_USERS, read } from '../documents/page.ts';
import { shown } from '../documents/shown.ts';
import { describeWith } from './describe-tools.ts';
import { readerOf } from './reader.ts';
import { command, kpts, kustomizes, newest, tool } from './tool.ts';

/** Programs that pages run beside the function. */
const PROGRAMS = {
  git: command('git'),
  helm: tool('helm', 'HELM_VERSION'),
  kpt: newest(kpts()),
  kustomize: newest(kustomizes()),
};

const PAGES = FOR_USERS.filter((page) => blocksOf(read(page)).some((block) => isRunHere(page, block)));

for (const page of PAGES) {
  const blocks = blocksOf(read(page)).filter((block) => isRunHere(page, block));
  const needed = Object.entries(PROGRAMS).filter(([name]) =>
    blocks.some(({ text }) => new RegExp(String.raw`(?:^|[|;&] *)${name} `, 'm').test(text)),
  );
  const title = { title: page, path: page };
  describeWith([title, ...needed.map(([, program]) => program)], (_, ...paths) => {
    const programs = Object.fromEntries(needed.map(([name], index) => [name, paths[index] ?? '']));
    test('commands run as printed, and print what is shown', async () => {
      const reader = readerOf(page, programs);
      for (const block of blocks) {
        const ended = await reader.run(block);
        expect(ended, `${page}:${block.line}\n${block.text}`).toEqual({
          status: Number(block.marks['ends with'] ?? 0),
          printed: ended.printed,
        });
        if (block.output !== undefined) expect(ended.printed).toMatch(shown(block.output));
      }
    });
  });
}
