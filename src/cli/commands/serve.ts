import { Command } from 'commander';
import { addServeOptions, givenOptions } from '../../config/serve-options.ts';
import { teach } from '../teach.ts';

/** Makes `reprise serve`. */
export function serveCommand(): Command {
  const command = addServeOptions(new Command('serve'))
    .description('Serves the cache over gRPC, until SIGTERM or SIGINT; then it answers the calls in flight and ends.')
    // Loaded when it serves: the help needs none of the server.
    .action(async () => (await import('../serve.ts')).serve(givenOptions(command)));
  return teach(command, {
    examples: [
      ['on this machine only, 1 GiB', 'reprise serve'],
      ['from a file; definitions outlive a restart', 'reprise serve --config reprise.yaml --state /var/lib/reprise'],
      [
        'for other machines, over TLS',
        'reprise serve --listen 0.0.0.0:7171 --tls-cert cert.pem --tls-key key.pem --ops-listen off',
      ],
      ['as a node of a fleet, with the Redis that all nodes share', 'reprise serve --redis redis://127.0.0.1:6379'],
    ],
    next: 'When the log says serverListening, try `reprise set hello world` in another terminal.',
  });
}
