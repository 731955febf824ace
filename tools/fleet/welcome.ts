import type { FleetNode } from './start-node.ts';

/** Returns what is said when the fleet is up: where it is, and what to try. */
export function welcome([a, b, c]: readonly FleetNode[], redisUrl: string): string {
  return `
A fleet is up: three equal nodes over one Redis (${redisUrl}, which keeps nothing).

${[a!, b!, c!].map(({ name, address, opsAddress, pid }) => `  ${name}   gRPC ${address}   metrics http://${opsAddress}/metrics   pid ${pid}`).join('\n')}

Try, in another terminal:

  # set on one node; the answer's token says how far it came
  token=$(bin/reprise set song Idioteque --json --server ${a!.address} | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')

  # get on another, never older than that
  bin/reprise get song --at-least "$token" --server ${b!.address}

  # follow on the third what happened since; then set something elsewhere
  bin/reprise subscribe --from "$token" --server ${c!.address}

  # take a node away: the others don't notice
  kill -9 ${b!.pid}

Ctrl-C stops everything.
`;
}
