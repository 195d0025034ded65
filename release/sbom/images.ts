import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '../images.ts';
import { fileOf, type LaidOutImage } from '../oci.ts';
import { ROOT } from '../project.ts';
import { bundled, debian, npm } from './components.ts';
import type { Component } from './document.ts';

/**
 * What an image holds: packages of Debian, of npm, and programs that are copied from other images.
 *
 * @param buildArgs those that it was built with, `NAME=VALUE`
 */
export async function contentsOf(
  image: Image,
  laidOut: LaidOutImage,
  buildArgs: readonly string[],
): Promise<readonly Component[]> {
  const status = await fileOf(laidOut, 'var/lib/dpkg/status');
  const packages = debian(status, await fileOf(laidOut, 'usr/lib/os-release'));
  if (packages.length === 0) throw new Error(`${image.name} has no packages of Debian`);
  const cpu = laidOut.config.architecture === 'arm64' ? 'aarch64' : 'x64';
  return [
    ...packages,
    ...bundled(...image.programs),
    ...(image.bun ? [npm(`@oven/bun-linux-${cpu}`)] : []),
    ...image.copiedFrom.map((argument) => copied(argument, buildArgs)),
  ];
}

/** A program that is copied from the image of a build argument, by whose tag it is known. */
function copied(argument: string, buildArgs: readonly string[]): Component {
  const text = [...buildArgs, readFileSync(join(ROOT, 'Dockerfile'), 'utf8')].join('\n');
  const reference = new RegExp(`^(?:ARG )?${argument}=(\\S+)`, 'm').exec(text)?.[1] ?? '';
  const [, repository = '', tag = 'latest'] = /^(.*?)(?::([\w.-]+))?(?:@.*)?$/.exec(reference) ?? [];
  const name = repository.replace(/^.*\//, '');
  const purl = `pkg:oci/${name}?repository_url=${encodeURIComponent(repository)}&tag=${tag}`;
  return { name, version: tag, purl };
}
