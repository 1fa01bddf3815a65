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

/** Reads the address of a page: anything that begins like one; what is wrong with it is the command's own subject. */
export function readPageOption(text: string): string {
  if (/^https?:\/\/\S+$/i.test(text)) return text
  throw new InvalidArgumentError(
    'It must be the whole address of a page, such as https://h5.example.com/news?id=1. 请写出页面的完整地址。',
  )
}
