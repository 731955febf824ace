import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';

/**
 * The least that a grpc-js server can do: `node echo-server.ts PATH=FILE …` answers every call of the method PATH with
 * the bytes of FILE, neither reading the request nor building an answer. What is between this and Reprise is Reprise.
 * Writes `listening 127.0.0.1:PORT` once it serves.
 */
const passThrough = (bytes: Buffer): Buffer => bytes;

const server = new Server();
for (const argument of process.argv.slice(2)) {
  const [path, file] = argument.split('=') as [string, string];
  const method = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: passThrough,
    requestDeserialize: passThrough,
    responseSerialize: passThrough,
    responseDeserialize: passThrough,
  } as const;
  const answer = readFileSync(file);
  const respond = (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>): void =>
    callback(null, answer);
  server.addService({ [path]: method }, { [path]: respond });
}

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(`listening 127.0.0.1:${port}`);
});
process.once('SIGTERM', () => server.forceShutdown());
