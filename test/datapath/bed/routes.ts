import type { ConfigList } from './cni.ts';
import type { Installation } from './installation.ts';

/** A route of a CNI configuration. */
export interface Route {
  readonly dst: string;
  readonly gw?: string;
}

/** Replaces the routes that clients get. */
export function withRoutes(
  { manifests, ...rest }: Installation,
  replace: (routes: readonly Route[]) => readonly Route[],
): Installation {
  const definitions = manifests.definitions.map((definition) => {
    const config = JSON.parse(definition.spec?.config ?? '') as ConfigList & {
      plugins: [{ ipam: { routes?: readonly Route[] } }];
    };
    const { ipam } = config.plugins[0];
    if (ipam?.routes) ipam.routes = replace(ipam.routes);
    return { ...definition, spec: { config: JSON.stringify(config) } };
  });
  return { ...rest, manifests: { ...manifests, definitions } };
}
