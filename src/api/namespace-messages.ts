import type { NamespaceSettings } from '../cache/namespace.ts';
import type { NamespaceSettings as SettingsMessage } from '../gen/reprise/v1/namespace.ts';
import { durationOf, millisecondsOf } from './durations.ts';
import { readFallbackField, readFallbackMessage, writeFallbackField, writeFallbackMessage } from './fallback-fields.ts';

/** Returns all settings of a namespace as they are sent. */
export function settingsMessageOf(settings: NamespaceSettings): SettingsMessage {
  return {
    defaultTtl: durationOf(settings.defaultTtlMs),
    maxTtl: durationOf(settings.maxTtlMs),
    negativeTtl: durationOf(settings.negativeTtlMs),
    defaultStaleWindow: durationOf(settings.defaultStaleWindowMs),
    ttlJitterRatio: settings.ttlJitterRatio,
    valueBytesMax: settings.valueBytesMax,
    capacityBytes: BigInt(settings.capacityBytes),
    readFallback: readFallbackMessage(settings.readFallback),
    writeFallback: writeFallbackMessage(settings.writeFallback),
    localTtl: durationOf(settings.localTtlMs),
  };
}

/** Returns the settings that a request names; what it leaves out is absent. @throws OperatingError SETTING_OUT_OF_RANGE */
export function changesOf(message: SettingsMessage | undefined): Partial<NamespaceSettings> {
  if (message === undefined) return {};
  const { defaultTtl, maxTtl, negativeTtl, defaultStaleWindow, ttlJitterRatio, valueBytesMax, capacityBytes } = message;
  const { localTtl } = message;
  const readFallback = readFallbackField(message.readFallback);
  const writeFallback = writeFallbackField(message.writeFallback);
  return {
    ...(defaultTtl !== undefined && { defaultTtlMs: millisecondsOf(defaultTtl) }),
    ...(maxTtl !== undefined && { maxTtlMs: millisecondsOf(maxTtl) }),
    ...(negativeTtl !== undefined && { negativeTtlMs: millisecondsOf(negativeTtl) }),
    ...(defaultStaleWindow !== undefined && { defaultStaleWindowMs: millisecondsOf(defaultStaleWindow) }),
    ...(ttlJitterRatio !== undefined && { ttlJitterRatio }),
    ...(valueBytesMax !== undefined && { valueBytesMax }),
    ...(capacityBytes !== undefined && { capacityBytes: Number(capacityBytes) }),
    ...(readFallback !== undefined && { readFallback }),
    ...(writeFallback !== undefined && { writeFallback }),
    ...(localTtl !== undefined && { localTtlMs: millisecondsOf(localTtl) }),
  };
}
