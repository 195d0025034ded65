// Measures whole processes, each beside its rivals in the same run, and writes docs/benchmarks.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { plugin } from './argo-cd.ts';
import { type Command, measure, type Measured } from './measure.ts';
import { emptyNode, emptySdkProgram, helmChart, kustomizations, parseAndPrint } from './rivals.ts';
import { type Row, table } from './table.ts';
import { foreign, networks } from './workload.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'gwn-bench-run-'));
const executable = (args: readonly string[], input?: string): Command => ({
  program: join(ROOT, 'dist/gateway-network-fn'),
  args,
  ...(input !== undefined && { input }),
});
const bundle = (args: readonly string[], input?: string): Command => ({
  program: process.execPath,
  args: [join(ROOT, 'dist/gateway-network-fn.mjs'), ...args],
  ...(input !== undefined && { input }),
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

function coldStart(): readonly Row[] {
  const args = ['render', join(ROOT, 'examples/multi-node')];
  const manifests = execFileSync(join(ROOT, 'dist/gateway-network-fn'), args, { encoding: 'utf8' });
  const list = file('one.yaml', networks(1));
  const rivals = kustomizations(manifests, join(folder, 'kustomization'));
  const times = measure<string>(
    {
      executable: executable(args),
      asFunction: executable([], list),
      helm: helmChart(manifests, join(folder, 'chart')),
      bundle: bundle([], list),
      node: emptyNode(),
      ...Object.fromEntries(rivals),
    },
    21,
  );
  const row = (name: string): Measured => times[name] ?? { seconds: Number.NaN, mebibytes: Number.NaN };
  const half = (rival: string) => ({ target: 'executable at most half', ...ratio(row('executable'), row(rival), 0.5) });
  return [
    { what: 'executable, `render examples/multi-node`', ...row('executable') },
    { what: 'executable, as KRM function on one network', ...row('asFunction') },
    { what: '`helm template` of an equal chart', ...row('helm'), ...half('helm') },
    ...rivals.map(([title]) => ({
      what: `${title}: \`build\` of equal files with a configMapGenerator`,
      ...row(title),
      ...half(title),
    })),
    { what: 'bundle on Node, as KRM function', ...row('bundle') },
    {
      what: 'empty Node (`node -e 0`)',
      ...row('node'),
      target: 'bundle at most 1.7 times',
      ...ratio(row('bundle'), row('node'), 1.7),
    },
  ];
}

function passThrough(): readonly Row[] {
  const input = file('foreign.yaml', foreign(10_000));
  const times = measure(
    { executable: executable([], input), bundle: bundle([], input), sdk: emptySdkProgram(ROOT, input) },
    5,
  );
  const { yaml } = measure({ yaml: parseAndPrint(ROOT, input) }, 1);
  const limits = (measured: Measured) => ({
    target: 'at most 0.35 s and 150 MiB',
    met: measured.seconds <= 0.35 && measured.mebibytes <= 150,
  });
  return [
    { what: 'executable', ...times.executable, ...limits(times.executable) },
    { what: 'bundle on Node', ...times.bundle, ...limits(times.bundle) },
    {
      what: 'empty program of kpt-functions',
      ...times.sdk,
      target: 'at least 4 times the executable',
      ...ratio(times.executable, times.sdk, 0.25),
    },
    { what: 'npm yaml, parse and print (one run)', ...yaml },
  ];
}

function sizes(
  prefix: string,
  counts: readonly number[],
  text: (count: number) => string,
  limits: Readonly<Record<number, [number, number]>>,
): readonly Row[] {
  const rows = counts.map((count) => {
    const input = file(`${prefix}-${count}.yaml`, text(count));
    const { executable: measured } = measure({ executable: executable([], input) }, count > 20_000 ? 3 : 5);
    const limit = limits[count];
    return {
      what: `${count.toLocaleString('en')} ${prefix}`,
      ...measured,
      per: (measured.seconds / count) * 1000,
      ...(limit && {
        target: `at most ${limit[0]} s and ${limit[1]} MiB`,
        met: measured.seconds <= limit[0] && measured.mebibytes <= limit[1],
      }),
    };
  });
  return rows;
}

/** Rendering again what was rendered: every object is found, read and found unchanged. */
function secondRuns(): readonly Row[] {
  return [20, 100].map((count) => {
    const input = file('again-in.yaml', networks(count));
    const text = execFileSync(join(ROOT, 'dist/gateway-network-fn'), {
      input: networks(count),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    const again = file('again.yaml', text);
    const { first, second } = measure({ first: executable([], input), second: executable([], again) }, 3);
    return {
      what: `${count.toLocaleString('en')} networks again (the first time: ${first.seconds.toFixed(2)} s)`,
      ...second,
    };
  });
}

function ratio(own: Measured, rival: Measured, limit: number): Pick<Row, 'ratio' | 'met'> {
  const value = own.seconds / rival.seconds;
  return { ratio: value, met: value <= limit };
}

const NETWORK_LIMITS: Readonly<Record<number, [number, number]>> = { 100: [0.5, 500], 1000: [4, 500] };
const text = `<!-- Generated by npm run bench. Do not edit. -->

# Benchmarks

Medians of whole processes, from start to exit, on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}. A command and
its rivals run in turn after a run to warm up. Seconds are wall time, MiB the peak resident memory
that GNU time reports.

## Cold start

${table(coldStart())}

## Pass-through: 10,000 foreign Deployments and one network

${table(passThrough())}

How it grows, with the executable; the last column is milliseconds an object:

${table(sizes('foreign Deployments', [1000, 10_000, 30_000], foreign, {}))}

## Many networks in one stream

Cross-network checks included; the last column is milliseconds a network.

${table(sizes('networks', [100, 500, 1000, 2000], networks, NETWORK_LIMITS))}

${table(secondRuns())}

## Plugin of Argo CD

Whole processes in the directory of an application, \`kustomize build\` included; its rival is that
build alone, by the same kustomize.

${table(plugin(ROOT, folder))}
`;
writeFileSync(join(ROOT, 'docs/benchmarks.md'), text);
process.stdout.write(text);
rmSync(folder, { recursive: true });
