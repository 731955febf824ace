import type { Figure } from '../support/results.ts';
import {
  type AloneSample,
  addedLatency,
  type BusySample,
  leastOf,
  medianOf,
  medianRatio,
  type NumberOf,
  type Samples,
  samplesOf,
  strongest,
} from './numbers.ts';

/** The ids that a call is compared with: one, or several of which the strongest counts. */
export type Peer = string | readonly string[];

/** Makes figures of calls; their ids begin with `fleet.` and the call's. */
export class CallFigures {
  readonly #alone: Samples<AloneSample>;
  readonly #busy: Samples<BusySample>;

  constructor(alone: Samples<AloneSample>, busy: Samples<BusySample>) {
    this.#alone = alone;
    this.#busy = busy;
  }

  /** The peers of a call that goes to Redis: ioredis without and with its automatic pipelining. */
  besideRedis(name: string): Peer {
    return [`redis.${name}`, `redisAuto.${name}`];
  }

  /** Median and 99th percentile of the latency, alone and busy. */
  latencies(id: string, peer: Peer): readonly Figure[] {
    const [p50Us, p99Us] = [(one: AloneSample) => one.p50Us, (one: AloneSample) => one.p99Us];
    return [
      timeFigure(this.#alone, `${id}.p50`, 'us', { id, peer, of: p50Us }),
      timeFigure(this.#alone, `${id}.p99`, 'us', { id, peer, of: p99Us }),
      timeFigure(this.#busy, `${id}.busy.p50`, 'us', { id, peer, of: p50Us }),
      timeFigure(this.#busy, `${id}.busy.p99`, 'us', { id, peer, of: p99Us }),
    ];
  }

  /** What a call alone adds to the one that goes to Redis, beside the echo. */
  added(id: string): Figure {
    const group = groupOf(id);
    const direct = strongest(this.#alone, [...this.besideRedis(group)], (one) => one.p50Us, 'least');
    const [through, to, echo] = [id, direct, `echo.${group}`].map((name) => samplesOf(this.#alone, name));
    const { addedUs, ratio, leastUs, leastRatio } = addedLatency(through!, to!, echo!);
    const peer = `echo.${group}`;
    return { id: `fleet.${id}.added`, value: addedUs, unit: 'us', peer, ratio, least: leastUs, leastRatio };
  }

  /** Throughput, and the CPU time of the processes, busy. */
  loads(id: string, peer: Peer): readonly Figure[] {
    const redis = id.startsWith('l1.') ? [] : [this.redisCpu(id)];
    return [this.throughput(id, peer), this.serverCpu(id), ...redis];
  }

  /** Calls a second, or keys. */
  throughput(id: string, peer: Peer, keysPerCall = 1): Figure {
    const of = (one: BusySample): number => one.callsPerSecond;
    const name = strongest(this.#busy, [peer].flat(), of, 'most');
    const ours = samplesOf(this.#busy, id);
    const unit = keysPerCall === 1 ? 'calls/s' : 'keys/s';
    const ratio = medianRatio(ours, samplesOf(this.#busy, name), of);
    return { id: `fleet.${id}.throughput`, value: medianOf(ours, of) * keysPerCall, unit, peer: name, ratio };
  }

  /** CPU time of the node, beside the echo's. */
  serverCpu(id: string): Figure {
    const of = (one: BusySample): number => one.serverCpuUs;
    return timeFigure(this.#busy, `${id}.cpu.node`, 'us/call', { id, peer: `echo.${groupOf(id)}`, of });
  }

  /** CPU time of Redis, beside what the direct call takes there. */
  redisCpu(id: string): Figure {
    const of = (one: BusySample): number => one.redisCpuUs;
    return timeFigure(this.#busy, `${id}.cpu.redis`, 'us/call', { id, peer: this.besideRedis(groupOf(id)), of });
  }

  /** CPU time of the node that only hears of it. */
  otherCpu(id: string): Figure {
    const [of, ours] = [(one: BusySample) => one.otherCpuUs, samplesOf(this.#busy, id)];
    return { id: `fleet.${id}.cpu.other`, value: medianOf(ours, of), unit: 'us/call', least: leastOf(ours, of) };
  }
}

interface Compared<Sample> {
  readonly id: string;
  readonly peer: Peer;
  readonly of: NumberOf<Sample>;
}

/** A figure of which less is better, and that noise only adds to. */
function timeFigure<Sample>(
  samples: Samples<Sample>,
  name: string,
  unit: string,
  { id, peer, of }: Compared<Sample>,
): Figure {
  const peerName = strongest(samples, [peer].flat(), of, 'least');
  const [ours, theirs] = [samplesOf(samples, id), samplesOf(samples, peerName)];
  const least = leastOf(ours, of);
  const ratios = { ratio: medianRatio(theirs, ours, of), least, leastRatio: leastOf(theirs, of) / least };
  return { id: `fleet.${name}`, value: medianOf(ours, of), unit, peer: peerName, ...ratios };
}

function groupOf(id: string): string {
  return id.slice(id.indexOf('.') + 1);
}
