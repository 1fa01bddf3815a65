import { hash } from 'node:crypto'

/** Lower-case hex SHA-256 of the UTF-8 bytes of `text`: how short-lived secrets are remembered. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
