import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { folderOf } from './folder.ts';
import { type Ended, run } from './program.ts';
import { kubectls, kustomizes, type Tool } from './tool.ts';

/** How a build starts functions: as executables of PATH, or as containers by the `docker` of PATH. */
export type Start = 'exec' | 'container';

/** The function annotation of the examples. */
const DECLARATION = 'exec: {path: gateway-network-fn}';
const TARGETS = { exec: 'gateway-network-fn', container: 'registry.example/gateway-network-fn:v1' } as const;
const FLAGS = {
  exec: ['--enable-alpha-plugins', '--enable-exec'],
  container: ['--enable-alpha-plugins'],
  none: [],
} as const;

type Env = Readonly<Record<string, string>>;

/** Every kustomize and kubectl with every way in which it can start functions; kubectl cannot exec. */
export function builders(): readonly { readonly tool: Tool; readonly start: Start }[] {
  return [
    ...kustomizes().flatMap((tool) => [
      { tool: titled(tool, 'exec'), start: 'exec' as const },
      { tool: titled(tool, 'container'), start: 'container' as const },
    ]),
    ...kubectls().map((tool) => ({ tool: titled(tool, 'container'), start: 'container' as const })),
  ];
}

/**
 * Runs `kustomize build`, or `kubectl kustomize`, on a folder; containers start by {@link dockerOf}
 * the given program.
 */
export function build(
  program: string,
  folder: string,
  start: Start | 'none',
  contained = 'gateway-network-fn',
  env: Env = {},
): Ended {
  const verb = basename(program).startsWith('kubectl') ? 'kustomize' : 'build';
  const path = start === 'container' ? [dockerOf(contained)] : [];
  return run(program, [verb, ...FLAGS[start], folder], { path, env });
}

/**
 * The `docker` that stands in for containers, in a folder of its own: it runs a program, and writes
 * its arguments to `calls`.
 */
export function dockerOf(program: string): string {
  const folder = folderOf({ docker: `#!/bin/sh\necho "$@" >>"\${0%/*}/calls"\nexec ${program}\n` });
  chmodSync(join(folder, 'docker'), 0o755);
  return folder;
}

/** Makes a file of an example start the function in another way, or another executable or image. */
export function declare(file: string, start: Start, target: string = TARGETS[start]): void {
  const declaration = start === 'container' ? `container: {image: "${target}"}` : `exec: {path: ${target}}`;
  replaceIn(file, DECLARATION, declaration);
}

/** Replaces the one occurrence of a text in a file. Throws where there is none. */
export function replaceIn(file: string, from: string, to: string): void {
  const before = readFileSync(file, 'utf8');
  if (!before.includes(from)) throw new Error(`${file} does not contain ${from}`);
  writeFileSync(
    file,
    before.replace(from, () => to),
  );
}

function titled(tool: Tool, start: Start): Tool {
  return { ...tool, title: `${tool.title} by ${start}` };
}
