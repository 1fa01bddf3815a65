import type { IncomingMessage } from 'node:http'

/** Reads a body as UTF-8 text; `undefined` as soon as it has more than `maxBytes`, the rest is let go by. */
export function readIncoming(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    let only: Buffer | undefined
    let pieces: TextPieces | undefined
    const onClose = (): void => {
      if (!incoming.readableEnded) reject(new Error('The connection ended before the body did.'))
    }
    if (incoming.destroyed) onClose()
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) resolve(undefined)
      else if (pieces !== undefined) pieces.add(chunk)
      else if (only === undefined) only = chunk
      else pieces = textPieces(only, chunk)
    })
    incoming.on('end', () => resolve(pieces?.end() ?? (only === undefined ? '' : decode(only))))
    incoming.on('close', onClose)
  })
}

function decode(body: Buffer): string {
  const text = body.toString('utf8')
  // As the web decodes: a byte order mark is no part of the text.
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

interface TextPieces {
  add(chunk: Buffer): void
  end(): string
}

/** Keeps the text of a body that comes in pieces: a piece of one byte, kept as it came, would take a kilobyte. */
function textPieces(...first: Buffer[]): TextPieces {
  const decoder = new TextDecoder()
  let text = ''
  const add = (chunk: Buffer): void => {
    text += decoder.decode(chunk, { stream: true })
  }
  first.forEach(add)
  return { add, end: () => text + decoder.decode() }
}
