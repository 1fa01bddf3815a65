import { hash } from 'node:crypto'

/** Lower-case hex SHA-1 of the UTF-8 bytes of `text`: what every signature of the JS-SDK is made with. */
export function sha1(text: string): string {
  return hash('sha1', text, 'hex')
}
