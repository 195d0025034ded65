import { labelOf } from '../status/owner.ts';
import type { Check, Report } from './check.ts';
import { packetLines } from './text.ts';

/** Reports in the XML that CI systems read as results of JUnit: a suite for each network, a case for each check. */
export function formatJunit(reports: readonly Report[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="gateway-network-fn test">',
    ...reports.flatMap((report) => {
      const { checks } = report;
      const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
      const counts = `tests="${checks.length}" failures="${count('failed')}" skipped="${count('not tested')}"`;
      const name = labelOf(report);
      return [
        `  <testsuite name="${escape(name)}" ${counts}>`,
        ...checks.flatMap((check) => testCase(name, check)),
        '  </testsuite>',
      ];
    }),
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(network: string, { id, title, result, detail, packets = [] }: Check): readonly string[] {
  const inside = {
    ok: `<system-out>${escape(detail)}</system-out>`,
    failed: `<failure message="${escape(detail)}">${escape(packetLines(packets).join('\n'))}</failure>`,
    'not tested': `<skipped message="${escape(detail)}"/>`,
  }[result];
  return [
    `    <testcase classname="${escape(network)}.${id}" name="${escape(title)}">`,
    `      ${inside}`,
    '    </testcase>',
  ];
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text of programs may have characters that XML has not, not even escaped. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[^\t\n\r\u0020-\uFFFD]/g, '?');
}
