import type { LocatedPlan } from '../plan/network-plan.ts';
import type { ConfigData } from './config-map.ts';
import { formatJson } from './json.ts';
import { routerData } from './router-data.ts';
import { routerRules } from './router-rules.ts';

/** What all routers of a network read. */
export function routerConfig(plan: LocatedPlan): ConfigData {
  return {
    'config.json': formatJson(routerData(plan)),
    'rules.nft': routerRules(plan),
  };
}
