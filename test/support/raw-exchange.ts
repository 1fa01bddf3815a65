import { connect } from 'node:net'

/** One answer as it came over the wire, for comparing: header lines sorted, what changes each time replaced. */
export interface RawAnswer {
  readonly head: readonly string[]
  readonly body: string
}

/** Sends bytes as they are on a connection of their own and reads until the server closes it. */
export function rawExchange(port: number, bytes: Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.on('data', (piece) => pieces.push(piece))
    // A server that has answered may cut off the rest of what is sent.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
    })
    socket.on('close', () => resolve(readAnswer(Buffer.concat(pieces).toString('utf8'))))
  })
}

/** Sends the beginning of a request and hangs up. */
export function sendAndHangUp(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => socket.resetAndDestroy()))
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}

function readAnswer(text: string): RawAnswer {
  const [interim, rest] = text.startsWith('HTTP/1.1 100') ? split(text) : ['', text]
  const [head, body] = split(rest)
  const [status = '', ...headers] = head.split('\r\n')
  return {
    head: [interim, status, ...headers.map(steady).sort()],
    body: body
      .replace(/"requestId":"\w{20}"/, '"requestId":"…"')
      .replace(/"nonceStr":"\w{16}"/, '"nonceStr":"…"')
      .replace(/"timestamp":\d+/, '"timestamp":…')
      .replace(/"signature":"[0-9a-f]{40}"/, '"signature":"…"'),
  }
}

function split(text: string): [string, string] {
  const end = text.indexOf('\r\n\r\n')
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 4)]
}

function steady(header: string): string {
  const at = header.indexOf(':')
  const name = header.slice(0, at).toLowerCase()
  const value = header.slice(at + 1).trim()
  if (name === 'date') return 'date: …'
  if (name === 'x-request-id' && /^\w{20}$/.test(value)) return 'x-request-id: …'
  return `${name}: ${value}`
}
