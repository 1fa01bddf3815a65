import { connect, type Socket } from 'node:net'
import { fill, type Target } from './target.ts'

/**
 * Asks at a constant rate, whatever the answers do, and returns every delay in milliseconds.
 *
 * A delay counts from when the request was due, not from when a connection was free for it: a server that stalls
 * is charged for everybody who would have come meanwhile. Who is refused waits for ever.
 */
export async function constantRate(target: Target, perSecond: number, seconds: number): Promise<number[]> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(target.port)))
  const idle = [...connections]
  const { bodies, method, path } = target.request
  const templates = bodies.map(
    (body) =>
      `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  const delays: number[] = []
  const overdue: number[] = []
  const total = Math.floor(perSecond * seconds)
  const startedAt = performance.now()
  let sent = 0

  function send(connection: Connection, dueAt: number): void {
    connection.onAnswer = (refused) => {
      delays.push(refused ? Number.POSITIVE_INFINITY : performance.now() - dueAt)
      const next = overdue.shift()
      if (next === undefined) idle.push(connection)
      else send(connection, next)
    }
    connection.socket.write(fill(templates[delays.length % templates.length] as string, delays.length))
  }

  while (delays.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000))
    for (; sent < due; sent++) {
      const dueAt = startedAt + (sent * 1_000) / perSecond
      const connection = idle.pop()
      if (connection === undefined) overdue.push(dueAt)
      else send(connection, dueAt)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (const { socket } of connections) socket.destroy()
  return delays
}

const CONNECTIONS = 64

interface Connection {
  readonly socket: Socket
  onAnswer: (refused: boolean) => void
}

function open(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(connection))
    const connection: Connection = { socket, onAnswer: () => undefined }
    let received = ''
    socket.setEncoding('latin1').setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', (piece: string) => {
      received += piece
      const head = received.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(received)?.[1]
      if (head === -1 || length === undefined || received.length < head + 4 + Number(length)) return
      const refused = !received.startsWith('HTTP/1.1 200')
      received = ''
      connection.onAnswer(refused)
    })
  })
}
