import { HANDSHAKE, STATE_DIR } from '../status/status-file.ts';
import type { Findings } from '../status/findings.ts';
import { uptime } from '../system/clock.ts';
import { output } from '../system/command.ts';
import { readLine, removeAll, replaceFile } from '../system/files.ts';
import { variable } from '../system/process.ts';
import { routerMetrics, routerMetricsFile, type RouterMeasured, type RouterState, routerState } from './metrics.ts';
import type { Settings } from './settings.ts';
import { parseTraffic } from './traffic.ts';

/** How old, in seconds, the file may become where nothing has changed. */
const METRICS_EVERY = Number(variable('METRICS_EVERY') ?? 10);

let written: RouterState | undefined;
let writtenAt = 0;
let isWritten = true;
let activations = 0;

/**
 * Writes the metrics where they are asked for, for the textfile collector of node_exporter or a web server of the pod:
 * when the router is another than before, or that is long ago. Gives the notes, with that they cannot be written. A
 * router that was killed leaves the file behind: its age shows in node_textfile_mtime_seconds, and the agent of the
 * node removes it.
 */
export function keepMetrics(
  settings: Settings,
  index: string,
  findings: Findings,
  configuration?: string,
): readonly string[] {
  const path = pathOf(settings, index);
  if (path === undefined) return findings.notes;
  const state = routerState(settings, findings, configuration);
  if (state.isActive && written?.isActive !== true) activations += 1;
  if (JSON.stringify(state) !== JSON.stringify(written) || uptime() - writtenAt >= METRICS_EVERY) {
    [written, writtenAt] = [state, uptime()];
    isWritten = replaceFile(path, routerMetrics(settings, state, measure(settings)));
  }
  return isWritten ? findings.notes : [...findings.notes, `the metrics cannot be written to ${path}`];
}

export function removeMetrics(settings: Settings, index: string): void {
  const path = pathOf(settings, index);
  if (path === undefined) return;
  for (const end of ['', '.new']) removeAll(`${path}${end}`);
}

function pathOf({ config: { metricsFile, metricsPage } }: Settings, index: string): string | undefined {
  return metricsPage ?? (metricsFile && routerMetricsFile(metricsFile, index));
}

function measure({ config }: Settings): RouterMeasured {
  return {
    activations: config.failover ? activations : undefined,
    connections: number('/proc/sys/net/netfilter/nf_conntrack_count'),
    connectionsLimit: number('/proc/sys/net/netfilter/nf_conntrack_max'),
    handshake: config.wireGuard && number(`${STATE_DIR}/${HANDSHAKE}`),
    traffic: parseTraffic(output(['nft', 'list', 'table', 'inet', 'gateway']) ?? ''),
    time: Math.floor(Date.now() / 1000),
  };
}

/** The number that a file holds; nothing where there is none. */
function number(path: string): number | undefined {
  const line = readLine(path);
  return line === undefined || line === '' ? undefined : Number(line);
}
