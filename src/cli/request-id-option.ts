import { Option } from 'commander';

/** Makes `--request-id`. */
export function requestIdOption(): Option {
  const help = 'up to 64 bytes that name this change: a retry with them within 60s is applied once';
  return new Option('--request-id <ID>', help);
}
