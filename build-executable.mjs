// Makes dist/gateway-network-fn, for engines that start it by exec: the bundle compiled with a runtime and bytecode of
// its own, or a link to the bundle where there is no Bun for the platform. With arguments it compiles for another one:
//
//   node build-executable.mjs PLATFORM BUN FILE
//
// PLATFORM is such as darwin-arm64, BUN that platform's Bun, and FILE what is made; its name is a part of its bytes.
// Plain JavaScript, as Node 20 runs no TypeScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CPU = process.arch === 'arm64' ? 'aarch64' : process.arch;
const bun = fileURLToPath(new URL(`node_modules/@oven/bun-${process.platform}-${CPU}/bin/bun`, import.meta.url));
const bundle = fileURLToPath(new URL('dist/gateway-network-fn.mjs', import.meta.url));
const [platform, runtime, file] = process.argv.slice(2);
const executable = file ?? bundle.replace(/\.mjs$/, '');
const options = [
  '--compile',
  '--bytecode',
  '--format=esm',
  // cluster.mjs stays a file of its own inside. Bun would name it by a hash of the folder that it is built in.
  '--splitting',
  '--chunk-naming=[name].mjs',
  // Most of a run is code that runs once, which costs more to compile than to interpret.
  '--compile-jit-policy=50',
  // The working directory is that of an application: a `preload` in its bunfig.toml would run in our process.
  '--no-compile-autoload-bunfig',
  '--no-compile-autoload-dotenv',
  ...(platform === undefined ? [] : [`--target=bun-${platform}`, `--compile-executable-path=${runtime}`]),
  `--outfile=${executable}`,
];

rmSync(executable, { force: true });
// A Bun that cannot run here, for want of its C library or of CPU features, is as good as none. One that finds a fault
// is not.
const runs = existsSync(bun) && spawnSync(bun, ['--version']).status === 0;
if (runs) {
  // In the folder of the bundle, since Bun writes paths from where it runs into what it makes.
  const { status } = spawnSync(bun, ['build', ...options, 'gateway-network-fn.mjs'], {
    cwd: fileURLToPath(new URL('dist', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.exitCode = status ?? 1;
} else if (platform !== undefined) {
  process.stderr.write(`no Bun for ${process.platform} ${process.arch}: it compiles for no other platform\n`);
  process.exitCode = 1;
} else {
  chmodSync(bundle, 0o755);
  symlinkSync('gateway-network-fn.mjs', executable);
  process.stderr.write(
    `no Bun for ${process.platform} ${process.arch}: dist/gateway-network-fn is the bundle, which runs on the Node of PATH\n`,
  );
}
