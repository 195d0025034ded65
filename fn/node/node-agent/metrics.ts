import type { AgentConfig } from '../config/agent-config.ts';
import { uptime } from '../system/clock.ts';
import { isFolder, modifiedAt, namesIn, removeAll, replaceFile } from '../system/files.ts';
import { variable } from '../system/process.ts';
import type { Journal } from './journal.ts';
import { agentMetrics, type Measured } from './metrics-text.ts';

/** How old, in seconds, the file may become. */
const METRICS_EVERY = Number(variable('METRICS_EVERY') ?? 10);

/** How old, in milliseconds, a router's file is when nobody writes it any more: a router does so every few seconds. */
const DEAD_AFTER = 60_000;

/** Metrics in a file that the textfile collector of node_exporter reads, or another pod serves: no port on the node. */
export class MetricsFile {
  private measuredAt = -METRICS_EVERY;
  private isWritten = true;

  /** Writes the file, where one is wanted, and the last time is long enough ago. */
  write(journal: Journal, config: AgentConfig, measure: () => Omit<Measured, 'time'>): void {
    const file = fileOf(config);
    if (file === undefined) return;
    const now = Math.floor(uptime());
    if (now - this.measuredAt >= METRICS_EVERY) {
      this.measuredAt = now;
      tidy(file);
      // The collector must never see half of it: it is written under a name that does not end with .prom.
      this.isWritten = replaceFile(file, agentMetrics({ ...measure(), time: Math.floor(Date.now() / 1000) }));
    }
    if (!this.isWritten) journal.note(`the metrics cannot be written to ${file}`);
  }

  remove(config: AgentConfig): void {
    const file = fileOf(config);
    if (file === undefined) return;
    removeAll(file);
    removeAll(`${file}.new`);
  }
}

function fileOf({ metricsFile, metricsPage }: AgentConfig): string | undefined {
  return metricsPage ?? metricsFile;
}

/** Removes the files of routers that were killed. */
function tidy(file: string): void {
  const folder = file.replace(/\/[^/]*$/, '');
  const prefix = `${file.slice(folder.length + 1).replace(/\.prom$/, '')}_router_`;
  for (const name of namesIn(folder)) {
    const path = `${folder}/${name}`;
    if (!name.startsWith(prefix) || !name.slice(prefix.length).includes('.prom') || isFolder(path)) continue;
    const age = Date.now() - (modifiedAt(path) ?? Date.now());
    if (age > DEAD_AFTER) removeAll(path);
  }
}
