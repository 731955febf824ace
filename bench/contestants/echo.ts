import { fileURLToPath } from 'node:url';
import { startProcess } from '../support/processes.ts';
import { type Contestant, cores, loadShape } from './contestant.ts';
import { callOnce, grpcContestant } from './grpc-contestant.ts';
import { repriseCalls } from './reprise.ts';
import type { Scratch } from './workload.ts';

const serverPath = fileURLToPath(new URL('../peers/echo-server.ts', import.meta.url));

/** Starts a bare grpc-js server that answers with the very bytes Reprise answered with, and returns it under both loads. */
export async function openEcho(
  stack: AsyncDisposableStack,
  scratch: Scratch,
  repriseAddress: string,
): Promise<readonly Contestant[]> {
  const { get, batchGet } = repriseCalls;
  const getAnswer = await callOnce({ address: repriseAddress, ...get });
  const batchAnswer = await callOnce({ address: repriseAddress, ...batchGet });
  const answers = [
    `${get.path}=${scratch.write('echo.get.answer', getAnswer)}`,
    `${batchGet.path}=${scratch.write('echo.batchGet.answer', batchAnswer)}`,
  ];
  const command = [process.execPath, serverPath, ...answers];
  const server = stack.use(await startProcess({ command, core: cores.server, readyLine: addressIn }));
  const common = { pid: server.pid, address: server.ready, scratch };
  return [
    grpcContestant({
      ...{ ...common, ...get, id: 'echo.get', title: 'bare grpc-js echo', keysPerCall: 1, shape: loadShape.get },
      isRight: (answer) => answer.equals(getAnswer),
    }),
    grpcContestant({
      ...{
        ...common,
        ...batchGet,
        id: 'echo.batchGet',
        title: 'bare echo × 100',
        keysPerCall: 100,
        shape: loadShape.batch,
      },
      isRight: (answer) => answer.equals(batchAnswer),
    }),
  ];
}

function addressIn(line: string): string | undefined {
  return /^listening (\S+)$/.exec(line)?.[1];
}
