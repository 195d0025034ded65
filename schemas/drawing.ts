import { sideOf } from '../fn/changes/side.ts';
import { readPaths } from '../fn/commands/read-path.ts';
import { networkPictures } from '../fn/picture/network-picture.ts';
import { svgOf } from '../fn/picture/svg.ts';
import { run } from '../fn/run.ts';

/** The picture of a directory, as the verb `picture` draws it. */
export async function drawingOf(directory: string): Promise<string> {
  return svgOf(networkPictures(sideOf(run(await readPaths([directory])), undefined).manifests));
}
