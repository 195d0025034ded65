import { copyFileSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Mount } from '../image/oci-config.ts';

/** The programs as they are built, where the image has them. */
export const PROGRAMS: Mount = {
  source: fileURLToPath(new URL('../../../dist/node', import.meta.url)),
  destination: '/usr/local/lib/gateway-network',
  readOnly: true,
};

/** What the name of an image stands for. */
export interface Image {
  /** Unpacked. */
  readonly rootfs: string;
  /** What is started where a container has no command of its own. */
  readonly entrypoint?: readonly string[];
  /** What of the machine is mounted over it. */
  readonly mounts?: readonly Mount[];
}

/** An image with the programs of this machine, for the containers of users, in a folder that is made in another. */
export function machineImage(directory: string, entrypoint: readonly string[] = []): Image {
  const rootfs = mkdtempSync(`${directory}/image-`);
  for (const folder of ['dev', 'etc', 'proc', 'run', 'sys', 'tmp', 'usr', 'var']) mkdirSync(`${rootfs}/${folder}`);
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${folder}`, `${rootfs}/${folder}`);
  for (const file of ['passwd', 'group', 'nsswitch.conf']) copyFileSync(`/etc/${file}`, `${rootfs}/etc/${file}`);
  symlinkSync('/run', `${rootfs}/var/run`);
  return { rootfs, entrypoint, mounts: [{ source: '/usr', destination: '/usr', readOnly: true }] };
}
