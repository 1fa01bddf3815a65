import { InvalidArgumentError } from 'commander'

/** Reads a port of the command line; 0 means that the system picks one. */
export function readPortOption(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.')
}

/** Reads a host to listen on. */
export function readHostOption(text: string): string {
  if (/^[A-Za-z0-9._-]+$|^[0-9A-Fa-f:.]+(%\w+)?$/.test(text)) return text
  throw new InvalidArgumentError('It must be a host name or an IP address, without a scheme or a port.')
}
