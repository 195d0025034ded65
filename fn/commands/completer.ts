/** The name of the program that kubectl asks how its command `gateway-network` goes on. */
const NAME = 'kubectl_complete-gateway_network';
/** The word by which the program is asked the same; commands that use Cobra have it. */
export const COMPLETE = '__complete';

/** Whether this program was started by that name: Node tells it as the script, the executable as itself. */
export function isCompleter(): boolean {
  return [process.argv0, process.argv[1]].some((path) => path?.split('/').at(-1) === NAME);
}
