import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Manifests } from './bed/manifests.ts';

/**
 * Replaces what a pattern finds in each file of the ConfigMaps, to show what would come of that.
 * Throws where there is nothing.
 */
export function withConfig(pattern: RegExp, replacement: string): (manifests: Manifests) => Manifests {
  return (manifests) => {
    let count = 0;
    const replace = (text: string): string =>
      text.replace(pattern, () => {
        count++;
        return replacement;
      });
    const changed = ({ data = {}, ...rest }: V1ConfigMap): V1ConfigMap => ({
      ...rest,
      data: Object.fromEntries(Object.entries(data).map(([file, text]) => [file, replace(text)])),
    });
    const configMaps = manifests.configMaps.map(changed);
    if (count === 0) throw new Error(`nothing matches ${String(pattern)}`);
    return { ...manifests, configMaps };
  };
}
