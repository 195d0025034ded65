// Runs a command with the Node that npm installed, if there is one for the platform, in front of PATH. npm 11 puts it there by itself.
// npm 10, which comes with Node 20, installs it and removes the link again with that of the Node for another processor.
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL(`../node_modules/node-${process.platform}-${process.arch}/bin`, import.meta.url));
const runs = spawnSync(`${folder}/node`, ['--version']).status === 0;
const PATH = [...(runs ? [folder] : []), process.env.PATH ?? ''].join(delimiter);

const [program = '', ...args] = process.argv.slice(2);
const { status, error } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, PATH } });
if (error !== undefined) process.stderr.write(`${error.message}\n`);
process.exitCode = status ?? 1;
