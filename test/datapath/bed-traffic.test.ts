import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, test } from 'vitest';
import { run } from '../agent/namespace.ts';
import { createCluster } from './bed/cluster.ts';
import { describeDatapath } from './bed/requirements.ts';
import { outage, startEchoServer, startStream, startTraffic } from './bed/traffic.ts';
import { cutOff, INTERNET, reconnect } from './bed/underlay.ts';

describe('an outage', () => {
  test.each([
    [
      'is the longest time without an answer',
      [
        [0, 5],
        [20, 0],
        [40, 0],
        [60, 66],
        [80, 84],
      ],
      61,
    ],
    [
      'lasts as long as answers are late',
      [
        [0, 1],
        [20, 300],
        [40, 301],
      ],
      299,
    ],
    [
      'may be there from the start',
      [
        [0, 0],
        [20, 0],
        [40, 45],
      ],
      45,
    ],
    [
      'may last to the end',
      [
        [0, 5],
        [20, 0],
        [40, 0],
      ],
      35,
    ],
    [
      'is all of the time when nothing is answered',
      [
        [0, 0],
        [500, 0],
      ],
      500,
    ],
  ] as [string, [number, number][], number][])('%s', (_, exchanges, expected) => {
    expect(outage(exchanges)).toBe(expected);
  });
});

describeDatapath('the traffic of the test bed', () => {
  it('tells how long nothing came through, and a stream survives it', async () => {
    using cluster = createCluster({ nodes: 1 });
    const { underlay, web } = cluster;
    await startEchoServer(underlay.internet);
    const traffic = await startTraffic(web.namespace, [INTERNET.IPv4]);
    const stream = await startStream(web.namespace, INTERNET.IPv4);
    await setTimeout(1000);
    cutOff(underlay, 1);
    await setTimeout(1000);
    reconnect(underlay, 1);
    await setTimeout(1000);
    const streamed = await stream.stop();
    const [report] = await traffic.stop();
    const udp = outage(report?.udp ?? []);
    expect(udp).toBeGreaterThan(900);
    expect(udp).toBeLessThan(3000);
    expect(outage(report?.tcp ?? [])).toBeGreaterThan(900);
    expect(streamed).toMatchObject({ returned: streamed.sent });
    expect(streamed.error).toBeUndefined();
    expect(streamed.pause).toBeGreaterThan(900);
    expect(streamed.pause).toBeLessThan(4600);
  });

  it('a stream that is undisturbed has no gap, and one that is reset says so', async () => {
    using cluster = createCluster({ nodes: 1 });
    const { underlay, web } = cluster;
    await startEchoServer(underlay.internet);
    const stream = await startStream(web.namespace, INTERNET.IPv6);
    await setTimeout(1000);
    const streamed = await stream.stop();
    expect(streamed).toMatchObject({ returned: streamed.sent });
    expect(streamed.sent).toBeGreaterThan(800);
    expect(streamed.pause).toBeLessThan(500);
    const broken = await startStream(web.namespace, INTERNET.IPv6);
    await setTimeout(800);
    run(
      underlay.internet,
      'nft "table inet refusing { chain input { type filter hook input priority 0; tcp dport 8080 reject with tcp reset; }; }"',
    );
    await setTimeout(500);
    expect(await broken.stop()).toMatchObject({
      error: expect.stringMatching(/ECONNRESET|ECONNABORTED|closed/),
    });
  });
});
