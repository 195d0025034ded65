import { readReport, STATE_DIR } from '../status/status-file.ts';
import { readLine } from '../system/files.ts';
import type { Settings } from './settings.ts';

/** What there is to be seen without starting a command, which costs more than all else here. */
export function signs({ overlay, egress }: Settings): string {
  const links = [overlay, egress].flatMap((name) =>
    ['ifindex', 'flags', 'carrier'].map((file) => readLine(`/sys/class/net/${name}/${file}`)),
  );
  const words = ['outside', 'track'].map((file) => readLine(`${STATE_DIR}/${file}`));
  const states = ['wireguard.status', 'vrrp.status'].map((file) => readReport(file)?.state);
  return [...links, ...words, ...states].join(' ');
}
