import { fileURLToPath } from 'node:url';
import { Client, credentials } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { cores } from '../contestants/contestant.ts';
import { callOnce } from '../contestants/grpc-contestant.ts';
import { repriseCalls } from '../contestants/reprise.ts';
import { openScratch, workload } from '../contestants/workload.ts';
import { setRequest } from '../demo/remote-cache.ts';
import { createNamespace } from '../support/namespaces.ts';
import { startProcess } from '../support/processes.ts';
import { startReprise } from '../support/reprise-server.ts';
import { callUnary } from '../support/rpc.ts';

/** Servers that clients and stubs call. */
export interface ClientsServers {
  /** A Reprise that holds the workload. */
  readonly reprise: string;
  /** A bare grpc-js server that answers with the very bytes of that Reprise, whatever it is asked. */
  readonly echo: string;
}

const echoPath = fileURLToPath(new URL('../peers/echo-server.ts', import.meta.url));
/** Room for what is computed and changed in a launch. */
const CAPACITY_BYTES = 64 << 20;

/** Starts both afresh; `stack` will stop them. */
export async function openServers(stack: AsyncDisposableStack): Promise<ClientsServers> {
  const server = stack.use(await startReprise({ core: cores.server, withOps: true }));
  const reprise = server.ready.grpc;
  await fill(reprise);
  const scratch = stack.use(openScratch());
  const answers: string[] = [];
  for (const [name, { path, request }] of Object.entries(repriseCalls)) {
    const answer = await callOnce({ address: reprise, path, request });
    answers.push(`${path}=${scratch.write(name, answer)}`);
  }
  const command = [process.execPath, echoPath, ...answers];
  const echo = stack.use(await startProcess({ command, core: cores.server, readyLine: addressIn }));
  return { reprise, echo: echo.ready };
}

async function fill(address: string): Promise<void> {
  const client = new Client(address, credentials.createInsecure());
  try {
    await createNamespace(client, workload.namespace, CAPACITY_BYTES);
    for (const key of workload.keys) {
      const request = setRequest(workload.namespace, key, Buffer.from(workload.value));
      await callUnary(client, CacheServiceService.set, { ...request, contentType: 'application/octet-stream' });
    }
  } finally {
    client.close();
  }
}

function addressIn(line: string): string | undefined {
  return /^listening (\S+)$/.exec(line)?.[1];
}
