import { existsSync } from 'node:fs';
import { describeWith } from '../../engines/describe-tools.ts';
import { command, nodeImage, type Tool } from '../../engines/tool.ts';
import { PROFILE } from './seccomp.ts';

/**
 * A suite of tests that run programs in containers. It is given the unpacked node image, and skipped by name where there can be no
 * containers.
 */
export function describeContainers(title: string, body: (rootfs: string) => void): void {
  const root: Tool = { title: 'root', ...(process.getuid?.() === 0 && { path: '/' }) };
  const profile: Tool = { title: PROFILE, ...(existsSync(PROFILE) && { path: PROFILE }) };
  const needs = [nodeImage(), root, profile, ...['runc', 'unshare', 'ip'].map(command)];
  describeWith([{ title, path: '/' }, ...needs], (_, image) => body(`${image}/rootfs`));
}
