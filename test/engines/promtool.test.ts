import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { METRICS, type MetricName, metricsText, one } from '../../fn/node/status/metrics.ts';
import { alertRules } from '../../fn/render/alert-rules.ts';
import { ALERTS } from '../../fn/render/alerts.ts';
import { planOf } from '../plan/network.ts';
import { FAULTS, HEALTHY, type Series } from './alert-cases.ts';
import { describeWith } from './describe-tools.ts';
import { prometheus } from './tool.ts';

const PLAN = planOf(
  '{subnets: [192.168.50.0/24], overlay: {vni: 7}, gateway: {replicas: 2}, monitoring: {type: PrometheusOperator}}',
);
const { groups } = (alertRules(PLAN) as unknown as { readonly spec: { readonly groups: unknown } }).spec;

describeWith([prometheus()], (programs = '') => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gwn-promtool-'));
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const promtool = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(join(programs, 'promtool'), args, {
      cwd: folder,
      input,
      encoding: 'utf8',
    });
    return { status, text: stdout + stderr };
  };

  /** What fires at the end of an hour, and what it says. */
  function fired(otherwise: Series): readonly (readonly string[])[] {
    const series = Object.entries({ ...HEALTHY, ...otherwise });
    const cases = {
      rule_files: ['rules.yaml'],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: series.map(([name, values]) => ({ series: name, values })),
          // None is expected: promtool prints those that there are.
          alert_rule_test: ALERTS.map(({ alert }) => ({ alertname: alert, eval_time: '59m', exp_alerts: [] })),
        },
      ],
    };
    writeFileSync(join(folder, 'cases.yaml'), stringify(cases));
    const { text } = promtool(['test', 'rules', 'cases.yaml']);
    const alerts = text.matchAll(/Labels:\{alertname="(\w+)".*\n.*summary="Gateway network egress\/vpn: ([^"]*)"/g);
    return [...alerts].map(([, alert = '', summary = '']) => [alert, summary]);
  }

  test('the rules are valid, none twice, and none of a form that is advised against', () => {
    expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', 'rules.yaml'])).toEqual({
      status: 0,
      text: expect.stringContaining(`SUCCESS: ${ALERTS.length} rules found`),
    });
  });

  test('the metrics are named as Prometheus advises', () => {
    const names = Object.keys(METRICS) as MetricName[];
    const text = metricsText(
      { network: 'egress/vpn' },
      names.map((name) => one(name, 1)),
    );
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, text: '' });
  });

  test('a healthy network fires nothing', () => expect(fired({})).toEqual([]));

  test.each(FAULTS)('%s fires, says what is wrong, and nothing else fires', (alert, otherwise, summary) => {
    expect(fired(otherwise)).toEqual([[alert, summary]]);
  });

  test('every alert is among them', () => {
    expect([...new Set(FAULTS.map(([alert]) => alert))]).toEqual(ALERTS.map(({ alert }) => alert));
  });
});
