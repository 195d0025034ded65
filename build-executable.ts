// Compiles the bundle to one file that carries its own runtime and the bytecode of the program, for engines that start it by exec.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CPUS: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'aarch64' };
const bun = fileURLToPath(
  new URL(`node_modules/@oven/bun-${process.platform}-${CPUS[process.arch]}/bin/bun`, import.meta.url),
);

if (existsSync(bun)) {
  const bundle = fileURLToPath(new URL('dist/gateway-network-fn.mjs', import.meta.url));
  const options = ['--compile', '--bytecode', '--format=esm', `--outfile=${bundle.replace(/\.mjs$/, '')}`];
  execFileSync(bun, ['build', ...options, bundle], { stdio: ['ignore', 'ignore', 'inherit'] });
} else {
  process.stderr.write(
    `no executable: there is no bun for ${process.platform} ${process.arch}; dist/gateway-network-fn.mjs runs on Node\n`,
  );
}
