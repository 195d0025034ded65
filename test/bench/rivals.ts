import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { kustomizes, type Tool, tool } from '../engines/tool.ts';
import type { Command } from './measure.ts';

/** `helm template` of a chart that prints the same objects: a template a file, and a few values. */
export function helmChart(manifests: string, folder: string): Command {
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: vpn\nversion: 0.1.0\n');
  writeFileSync(join(folder, 'values.yaml'), 'namespace: egress\nsubnet: 192.168.50.0/24\nmtu: 1450\nvni: 1000\n');
  for (const [index, text] of documents(manifests).entries()) {
    // Scripts and nft rules hold no braces that helm takes for its own.
    const template = text
      .replaceAll('namespace: egress', 'namespace: {{ .Values.namespace }}')
      .replaceAll('MTU=1450', 'MTU={{ .Values.mtu }}');
    writeFileSync(join(folder, `templates/${index}.yaml`), template);
  }
  return { program: present(tool('helm', 'HELM_VERSION')), args: ['template', 'vpn', folder] };
}

/**
 * `kustomize build` of the same objects written by hand: plain files, and the ConfigMaps generated
 * from the files that they hold.
 * One command for the oldest and one for the newest release that is installed.
 */
export function kustomizations(manifests: string, folder: string): readonly (readonly [string, Command])[] {
  mkdirSync(folder, { recursive: true });
  const resources: string[] = [];
  const generated: object[] = [];
  for (const [index, document] of parseAllDocuments(manifests).entries()) {
    const { kind, metadata, data } = document.toJS() as {
      kind: string;
      metadata: { name: string; namespace: string };
      data: Record<string, string>;
    };
    if (kind === 'ConfigMap') {
      const files = Object.entries(data).map(([key, text]) => {
        writeFileSync(join(folder, `${index}-${key}`), text);
        return `${key}=${index}-${key}`;
      });
      generated.push({ name: metadata.name, namespace: metadata.namespace, files });
    } else {
      writeFileSync(join(folder, `${index}.yaml`), String(document));
      resources.push(`${index}.yaml`);
    }
  }
  writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources, configMapGenerator: generated }));
  const tools = kustomizes();
  return [tools.at(0), tools.at(-1)].flatMap((found) => {
    if (found === undefined) return [];
    return [[found.title, { program: present(found), args: ['build', folder] }] as const];
  });
}

/** A program of the kpt-functions SDK that does nothing. */
export function emptySdkProgram(root: string, input: string): Command {
  return {
    ...script("import('kpt-functions').then(({ run }) => run(Object.assign(async () => {}, { usage: '' })))", root),
    input,
  };
}

/** Parsing and printing with npm `yaml`. */
export function parseAndPrint(root: string, input: string): Command {
  const source =
    "const { parse, stringify } = require('yaml'); process.stdout.write(stringify(parse(require('fs').readFileSync(0, 'utf8'))))";
  return { ...script(source, root), input };
}

export function emptyNode(): Command {
  return { program: process.execPath, args: ['-e', '0'] };
}

function script(source: string, cwd: string): Command {
  return { program: process.execPath, args: ['-e', source], cwd };
}

function documents(manifests: string): readonly string[] {
  return parseAllDocuments(manifests).map(String);
}

function present({ title, path }: Tool): string {
  if (path === undefined) throw new Error(`${title} is missing: test/tools/install.sh kustomize helm`);
  return path;
}
