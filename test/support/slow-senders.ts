import { connect, type Socket } from 'node:net'

// A process of its own: opens many connections that never get to the end of a request, and says how many.
// Argument: port, number. Each kind is a quarter: silent, headers byte by byte, body byte by byte, chunks without end.

const port = Number(process.argv[2])
const wanted = Number(process.argv[3])
/** Each sends a byte a second, and never all of them at once. */
const SHARES = 499
const SHARE_MS = 2
const AT_ONCE = 200
const post = 'POST /v1/jsapi/signature HTTP/1.1\r\nHost: localhost\r\n'
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

interface Kind {
  readonly begin: string
  readonly drip: string
}
const kinds: readonly Kind[] = [
  { begin: '', drip: '' },
  { begin: `${post}X-Slow: `, drip: 'x' },
  { begin: `${post}${form}Content-Length: 60000\r\n\r\nurl=`, drip: 'x' },
  { begin: `${post}${form}Transfer-Encoding: chunked\r\n\r\n`, drip: '1\r\nx\r\n' },
]

const shares = Array.from({ length: SHARES }, () => new Map<Socket, Kind>())
let living = 0
let opened = 0
let answered = 0

function open(turn: number): Promise<void> {
  const kind = kinds[turn % kinds.length] as Kind
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const share = shares[turn % SHARES]
    socket.on('connect', () => {
      opened++
      living++
      share?.set(socket, kind)
      if (kind.begin !== '') socket.write(kind.begin)
      resolve()
    })
    socket.once('data', () => answered++)
    socket.on('error', () => resolve())
    socket.on('close', () => {
      if (share?.delete(socket) === true) living--
      if (opened === wanted && living === 0) process.send?.({ gone: true, answered })
    })
  })
}

for (let begun = 0; begun < wanted; begun += AT_ONCE) {
  const turns = Array.from({ length: Math.min(AT_ONCE, wanted - begun) }, (_, turn) => begun + turn)
  await Promise.all(turns.map(open))
}
process.send?.({ opened })
process.on('disconnect', () => process.exit())

let share = 0
setInterval(() => {
  share = (share + 1) % SHARES
  for (const [socket, { drip }] of shares[share] ?? []) if (drip !== '') socket.write(drip)
}, SHARE_MS)
