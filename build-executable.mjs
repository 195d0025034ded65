// Makes dist/gateway-network-fn, for engines that start it by exec: the bundle compiled with a runtime and bytecode of its own, or a
// link to the bundle where there is no Bun for the platform. Plain JavaScript, as Node 20 runs no TypeScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CPU = process.arch === 'arm64' ? 'aarch64' : process.arch;
const bun = fileURLToPath(new URL(`node_modules/@oven/bun-${process.platform}-${CPU}/bin/bun`, import.meta.url));
const bundle = fileURLToPath(new URL('dist/gateway-network-fn.mjs', import.meta.url));
const executable = bundle.replace(/\.mjs$/, '');
const options = ['--compile', '--bytecode', '--format=esm', `--outfile=${executable}`];

rmSync(executable, { force: true });
// A Bun that cannot run here, for want of its C library or of CPU features, is as good as none. One that finds a fault is not.
const runs = existsSync(bun) && spawnSync(bun, ['--version']).status === 0;
if (runs) {
  process.exitCode =
    spawnSync(bun, ['build', ...options, bundle], { stdio: ['ignore', 'ignore', 'inherit'] }).status ?? 1;
} else {
  chmodSync(bundle, 0o755);
  symlinkSync('gateway-network-fn.mjs', executable);
  process.stderr.write(
    `no Bun for ${process.platform} ${process.arch}: dist/gateway-network-fn is the bundle, which runs on the Node of PATH\n`,
  );
}
