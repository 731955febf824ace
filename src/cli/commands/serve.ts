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
      ['from a file; flags and environment win over it', 'reprise serve --config reprise.yaml --capacity 2GiB'],
      [
        'for other machines, over TLS',
        'reprise serve --listen 0.0.0.0:7171 --tls-cert cert.pem --tls-key key.pem --ops-listen off',
      ],
      ['namespaces and tokens outlive a restart', 'reprise serve --state /var/lib/reprise'],
    ],
    next: 'When the log says serverListening, try `reprise set hello world` in another terminal.',
  });
}
