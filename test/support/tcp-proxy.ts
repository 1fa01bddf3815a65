import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * What a {@link TcpProxy} does to connections, open and new ones, until {@link TcpProxy.mend}.
 *
 * - `latency` every piece arrives later, both ways · `stop` nothing arrives until it is mended, then everything does
 * - `reset` RST to both sides · `cut` the connection ends · `black_hole` it stays, what is sent is lost; when mended
 *   such connections are reset, or with `forGood` stay deaf for ever, as after a failover behind a load balancer
 * - `slow_close` the end of a connection arrives later · `slice` few bytes at a time, with a pause after each
 * - `limit` the answer is cut off after so many bytes of each connection
 */
export type Chaos =
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'black_hole'; readonly forGood?: boolean }
  | { readonly kind: 'slow_close'; readonly ms: number }
  | { readonly kind: 'slice'; readonly bytes: number; readonly pauseMs?: number }
  | { readonly kind: 'limit'; readonly bytes: number }

export interface ProxyTarget {
  readonly host: string
  readonly port: number
}

export interface TcpProxy {
  readonly port: number
  /** Connections accepted so far. */
  readonly accepted: number
  /** Pieces that wait for the end of a stop. */
  readonly held: number
  /** Begins this chaos, in place of what there was. */
  inject(...chaos: readonly Chaos[]): void
  /** Cuts every connection and accepts no new one, as when the server's machine is gone. */
  cut(): void
  /** Ends all chaos. */
  mend(): void
  /** Where new connections go from now on; open ones are cut, as in a failover. */
  retarget(target: ProxyTarget): void
  close(): Promise<void>
}

interface Link {
  readonly inbound: Socket
  readonly outbound: Socket
  lossy: boolean
}

/** Stands between a client and a real server, so that a test can trouble or take away the server. */
export async function createTcpProxy(first: ProxyTarget): Promise<TcpProxy> {
  const links = new Set<Link>()
  let target = first
  let chaos: readonly Chaos[] = []
  let accepted = 0
  const waiting: (() => void)[] = []

  const find = <Kind extends Chaos['kind']>(kind: Kind): Extract<Chaos, { kind: Kind }> | undefined =>
    chaos.find((one): one is Extract<Chaos, { kind: Kind }> => one.kind === kind)

  const delayMs = (): number => {
    const { ms, jitterMs = 0 } = find('latency') ?? { ms: 0 }
    return ms + (Math.random() * 2 - 1) * jitterMs
  }

  /** Waits out latency and stops; false when the link has lost what was to pass. */
  async function passes(dueAt: number, link: Link): Promise<boolean> {
    await until(dueAt)
    while (find('stop') !== undefined) await new Promise<void>((resolve) => waiting.push(resolve))
    if (find('black_hole') !== undefined) link.lossy = true
    return !link.lossy
  }

  async function deliver(piece: Buffer, dueAt: number, to: Socket, link: Link): Promise<void> {
    if (!(await passes(dueAt, link))) return
    const { bytes, pauseMs = 0 } = find('slice') ?? { bytes: piece.length }
    for (let from = 0; from < piece.length && to.writable; from += bytes) {
      to.write(piece.subarray(from, from + bytes))
      if (bytes < piece.length) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  async function deliverEnd(dueAt: number, to: Socket, link: Link): Promise<void> {
    if (await passes(dueAt + (find('slow_close')?.ms ?? 0), link)) to.end()
  }

  /** Carries what comes from one side to the other, in order. */
  function carry(from: Socket, to: Socket, link: Link): void {
    let turn = Promise.resolve()
    let carried = 0
    from.on('data', (piece: Buffer) => {
      const limit = from === link.outbound ? find('limit')?.bytes : undefined
      const room = limit === undefined ? piece.length : Math.max(0, limit - carried)
      carried += piece.length
      const dueAt = performance.now() + delayMs()
      turn = turn.then(() => deliver(piece.subarray(0, room), dueAt, to, link))
      if (room < piece.length) turn = turn.then(() => sever(link, 'destroySoon'))
    })
    from.on('end', () => {
      turn = turn.then(() => deliverEnd(performance.now() + delayMs(), to, link))
    })
    from.on('close', () => {
      turn = turn.then(async () => {
        if (await passes(0, link)) to.destroySoon()
      })
    })
    from.on('error', () => sever(link))
  }

  function sever(
    { inbound, outbound }: Link,
    end: 'destroy' | 'destroySoon' | 'resetAndDestroy' = 'destroy',
  ): void {
    for (const socket of [inbound, outbound]) if (!socket.destroyed) socket[end]()
  }

  /** Ends the connections that the present chaos does not let live. */
  function judge(link: Link): void {
    if (find('reset') !== undefined) sever(link, 'resetAndDestroy')
    if (find('cut') !== undefined) sever(link)
  }

  const server = createServer({ allowHalfOpen: true }, (inbound) => {
    accepted += 1
    const outbound = connect({ ...target, allowHalfOpen: true })
    const link = { inbound, outbound, lossy: false }
    links.add(link)
    inbound.on('close', () => links.delete(link))
    for (const socket of [inbound, outbound]) socket.setNoDelay(true)
    carry(inbound, outbound, link)
    carry(outbound, inbound, link)
    judge(link)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  function inject(...next: readonly Chaos[]): void {
    chaos = next
    for (const link of links) judge(link)
    for (const goOn of waiting.splice(0)) goOn()
  }

  return {
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted
    },
    get held() {
      return waiting.length
    },
    inject,
    cut: () => inject({ kind: 'cut' }),
    mend() {
      if (find('black_hole')?.forGood !== true)
        for (const link of links) if (link.lossy) sever(link, 'resetAndDestroy')
      inject()
    },
    retarget(next) {
      target = next
      for (const link of links) sever(link)
    },
    async close() {
      inject({ kind: 'cut' })
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function until(at: number): Promise<void> {
  const ms = at - performance.now()
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
}
