import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Signed } from './history.ts'
import { readSigned } from './http-client.ts'
import { PAGE } from './service.ts'

/** Fewer than the kernel queues for a listener: who is dropped there tries again after seconds. */
const WAVE = 250

/** Many pages with a connection each, that ask at the same moment. */
export interface Crowd {
  readonly size: number
  /** What `/v1/jsapi/signature` answers to one of them, once. @throws {Refused} as `HttpClient.sign` */
  sign(member: number, appId: string): Promise<Signed>
}

/** Opens the connections, in waves. */
export async function gatherCrowd(service: string, size: number): Promise<Crowd> {
  const { port, host } = new URL(service)
  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  while (sockets.length < size) {
    const wave = Array.from({ length: Math.min(WAVE, size - sockets.length) }, () =>
      connect(Number(port), '127.0.0.1'),
    )
    sockets.push(...wave)
    await Promise.all(wave.map((socket) => once(socket, 'connect')))
  }
  return {
    size,
    async sign(member, appId) {
      const socket = sockets[member]
      if (socket === undefined) throw new RangeError(`The crowd has no ${member}.`)
      const body = JSON.stringify({ appId, url: PAGE })
      socket.write(
        `POST /v1/jsapi/signature HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      )
      let answer = ''
      for await (const piece of socket.setEncoding('utf8')) answer += String(piece)
      const [head = '', text = ''] = answer.split('\r\n\r\n')
      return readSigned(Number(head.split(' ')[1]), text)
    },
  }
}
