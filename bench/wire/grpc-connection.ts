import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { grpcFrame } from '../support/h2load.ts';
import { type Frame, FrameReader, frameFlag, frameOf, frameType, windowUpdate } from './frames.ts';
import { headerBlock } from './header-block.ts';
import { MessageReader } from './message-reader.ts';

/** Who hears what a call receives. */
export interface CallListener {
  /** A message; its memory is used again afterwards. */
  message(bytes: Buffer): void;
  /** The server has ended the call. */
  ended(): void;
}

interface OpenCall {
  readonly listener: CallListener;
  readonly messages: MessageReader;
}

/** How far a connection lets its server run ahead. */
export interface ConnectionOptions {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Bytes that each stream takes; they are never renewed. Default: more than any run sends. */
  readonly streamWindowBytes?: number;
}

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const SETTING_BYTES = 6;
const WINDOW_BYTES_MAX = 2 ** 31 - 1;
const WINDOW_BYTES_DEFAULT = 65_535;
const RENEW_BYTES = 2 ** 28;

/**
 * The least that a gRPC client can do: HTTP/2 frames over a socket, no header compression, no status but whether a
 * message came. It takes a message in a tenth of the time that node:http2 takes, so that one process can be a thousand
 * subscribers and measure the server, not itself. Requests must be small: the server's windows are not counted.
 */
export class GrpcConnection {
  readonly #socket: Socket;
  readonly #authority: string;
  readonly #frames = new FrameReader();
  readonly #calls = new Map<number, OpenCall>();
  readonly #headers = new Map<string, Buffer>();
  #nextStreamId = 1;
  #takenBytes = 0;
  #streamsMax = Number.POSITIVE_INFINITY;
  #closed = false;

  private constructor(socket: Socket, { address, streamWindowBytes = WINDOW_BYTES_MAX }: ConnectionOptions) {
    this.#socket = socket;
    this.#authority = address;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => this.#endAll());
    socket.on('error', () => this.#endAll());
    const setting = Buffer.alloc(6);
    setting.writeUInt16BE(INITIAL_WINDOW_SIZE, 0);
    setting.writeUInt32BE(streamWindowBytes, 2);
    socket.write(Buffer.concat([PREFACE, frameOf(frameType.settings, 0, 0, setting)]));
    socket.write(windowUpdate(0, WINDOW_BYTES_MAX - WINDOW_BYTES_DEFAULT));
  }

  /** Connects. */
  static async open(options: ConnectionOptions): Promise<GrpcConnection> {
    const [host, port] = options.address.split(':');
    const socket = connect(Number(port), host);
    await once(socket, 'connect');
    return new GrpcConnection(socket, options);
  }

  /** Calls that are open, and how many the server allows: it may refuse more. Nobody is held to it here. */
  get streams(): { readonly open: number; readonly max: number } {
    return { open: this.#calls.size, max: this.#streamsMax };
  }

  /** Lets what `work` sends go out in one go. */
  together(work: () => void): void {
    this.#socket.cork();
    work();
    this.#socket.uncork();
  }

  /** Begins a call with its one request. Returns the stream's id. */
  call(path: string, request: Uint8Array, listener: CallListener): number {
    const streamId = this.#nextStreamId;
    this.#nextStreamId += 2;
    this.#calls.set(streamId, { listener, messages: new MessageReader() });
    const headers = frameOf(frameType.headers, frameFlag.endHeaders, streamId, this.#headersOf(path));
    this.#socket.write(
      Buffer.concat([headers, frameOf(frameType.data, frameFlag.endStream, streamId, grpcFrame(request))]),
    );
    return streamId;
  }

  /** Lets a stream with a small window go on as if it had a large one. */
  openWindow(streamId: number): void {
    this.#socket.write(windowUpdate(streamId, WINDOW_BYTES_MAX / 2));
  }

  /** Drops the connection. Its calls are not told. */
  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #headersOf(path: string): Buffer {
    const known = this.#headers.get(path);
    if (known !== undefined) return known;
    const block = headerBlock(this.#authority, path);
    this.#headers.set(path, block);
    return block;
  }

  /** What listeners write meanwhile goes out in one go. */
  #take(chunk: Buffer): void {
    this.#socket.cork();
    this.#frames.read(chunk, (frame) => this.#frame(frame));
    this.#socket.uncork();
  }

  #frame({ type, flags, streamId, payload }: Frame): void {
    if (type === frameType.data) this.#data(streamId, payload);
    const isAck = (flags & frameFlag.ack) !== 0;
    if (type === frameType.settings && !isAck) this.#settings(payload);
    if (type === frameType.ping && !isAck) this.#socket.write(frameOf(type, frameFlag.ack, 0, payload));
    if (type === frameType.goAway) this.#endAll();
    const mayEnd = type === frameType.data || type === frameType.headers;
    if (type === frameType.resetStream || (mayEnd && (flags & frameFlag.endStream) !== 0)) this.#end(streamId);
  }

  #settings(payload: Buffer): void {
    for (let at = 0; at + SETTING_BYTES <= payload.length; at += SETTING_BYTES) {
      if (payload.readUInt16BE(at) === MAX_CONCURRENT_STREAMS) this.#streamsMax = payload.readUInt32BE(at + 2);
    }
    this.#socket.write(frameOf(frameType.settings, frameFlag.ack, 0));
  }

  #data(streamId: number, payload: Buffer): void {
    this.#takenBytes += payload.length;
    if (this.#takenBytes >= RENEW_BYTES) {
      this.#socket.write(windowUpdate(0, this.#takenBytes));
      this.#takenBytes = 0;
    }
    const call = this.#calls.get(streamId);
    call?.messages.read(payload, (message) => call.listener.message(message));
  }

  #end(streamId: number): void {
    const call = this.#calls.get(streamId);
    this.#calls.delete(streamId);
    call?.listener.ended();
  }

  #endAll(): void {
    if (this.#closed) return;
    for (const streamId of [...this.#calls.keys()]) this.#end(streamId);
  }
}
