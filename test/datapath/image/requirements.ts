import { existsSync } from 'node:fs';
import { missingRights } from '../../agent/requirements.ts';
import { describeWith } from '../../engines/describe-tools.ts';
import { command, nodeImage, type Tool } from '../../engines/tool.ts';
import { PROFILE } from './seccomp.ts';

/**
 * A suite of tests that run programs in containers. It is given the unpacked node image, and
 * skipped by name where there can be no
 * containers.
 */
export function describeContainers(title: string, body: (rootfs: string) => void): void {
  const profile: Tool = { title: PROFILE, ...(existsSync(PROFILE) && { path: PROFILE }) };
  const rights = missingRights().map((right): Tool => ({ title: right }));
  const needs = [nodeImage(), profile, ...['runc', 'unshare', 'ip'].map(command), ...rights];
  describeWith([{ title, path: '/' }, ...needs], (_, image) => body(`${image}/rootfs`));
}
