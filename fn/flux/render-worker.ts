// The render thread: it reads an archive and answers with another one. A fault of the program ends
// it.
import { parentPort } from 'node:worker_threads';
import { archiveOf } from './archive.ts';
import { Refusal } from './refusal.ts';
import type { RenderAnswer, RenderJob } from './render-job.ts';
import { isWanted, pathSegments, renderTree } from './tree.ts';
import { unpack } from './unpack.ts';

async function answer({ file, path }: RenderJob): Promise<RenderAnswer> {
  try {
    const directory = pathSegments(path);
    const tree = await unpack(file, (entry) => isWanted(entry, directory));
    const { files, warnings } = renderTree(tree, path);
    return { rendered: { ...(await archiveOf(files)), warnings } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusal: { reason: error.reason, message: error.message } };
  }
}

parentPort?.on('message', (job: RenderJob) => {
  void answer(job).then((result) => {
    parentPort?.postMessage(result, 'rendered' in result ? [result.rendered.bytes.buffer] : []);
  });
});
