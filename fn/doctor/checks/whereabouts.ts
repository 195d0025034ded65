import { type Check, error, itemsOf, type Observed, ok, unknown, warning, within } from '../check.ts';
import { configMap } from '../config-maps.ts';
import { readiness } from '../daemons.ts';
import type { Subject } from '../subject.ts';

const KINDS = ['ippools.whereabouts.cni.cncf.io', 'overlappingrangeipreservations.whereabouts.cni.cncf.io'];
const INSTALL = 'install whereabouts, of release 0.6 or later';

/** Whether whereabouts is there, where a network takes its addresses from it. */
export const whereabouts: Check = {
  name: 'whereabouts',
  why: 'whereabouts gives clients of several nodes their addresses; what its reconciler does not free stays taken',
  anchor: 'whereabouts-is-missing',
  examine: (subject) => {
    const isNeeded = subject.networks.some(({ plugins }) => plugins.some(({ ipam }) => ipam.type === 'whereabouts'));
    if (!isNeeded) return [];
    const faults = [...kindsOf(subject), ...daemonOf(subject)];
    return [...faults, ...(subject.whereabouts === undefined ? [] : scheduleOf(subject))];
  },
};

function kindsOf({ facts }: Subject): readonly Observed[] {
  return within('CustomResourceDefinitions', facts.customKinds, (kinds) => {
    const missing = KINDS.filter((kind) => kinds.every(({ metadata }) => metadata?.name !== kind));
    return missing.map((kind) => error(`the CustomResourceDefinition ${kind} is not there`, INSTALL));
  });
}

function daemonOf({ facts, whereabouts: daemonSet, nodes }: Subject): readonly Observed[] {
  return within('DaemonSets', facts.daemonSets, () => {
    if (daemonSet === undefined) return [error('no DaemonSet of whereabouts is there', INSTALL)];
    return readiness(daemonSet, facts, nodes);
  });
}

/** When addresses of pods are freed that have gone without saying so, as with a lost node. */
function scheduleOf({ facts }: Subject): readonly Observed[] {
  const { 'cron-expression': given, reconciler_cron_expression: other } =
    configMap(facts, 'whereabouts-config')?.data ?? {};
  const schedule = (given ?? other ?? itemsOf(facts.cronJobs)[0]?.spec?.schedule)?.trim();
  if (schedule === undefined)
    return [unknown('the schedule of its reconciler is not told by any object that is known')];
  const isSchedule = schedule.startsWith('@') || schedule.split(/\s+/).length === 5;
  return [
    isSchedule
      ? ok(`its reconciler runs at '${schedule}'`)
      : warning(
          `the schedule of its reconciler is '${schedule}', which has not five fields`,
          'correct cron-expression in the ConfigMap whereabouts-config',
        ),
  ];
}
