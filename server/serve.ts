import { loadKeys } from './access/key-file.ts'
import type { World } from './compose.ts'
import type { Config } from './config/types.ts'
import type { OnUncaught } from './observability/count-uncaught.ts'
import { systemRandom } from './random.ts'

export interface RunningService {
  readonly url: string
  readonly port: number
  /** For the owner of the process: counts and logs an error that nobody caught. */
  readonly onUncaught: OnUncaught
  /**
   * Stops: for `listen.drainSeconds` requests are still taken while `/readyz` says 503, then what is under way is
   * finished, within 10 s.
   */
  close(): Promise<void>
}

/**
 * Starts the service on the configured address.
 *
 * WeChat need not be reachable: the process starts, `/readyz` says why no page can be signed yet, and it heals by
 * itself.
 *
 * @throws {ListenError} when the port cannot be used
 * @throws {StorageError} when the database cannot be used
 * @example
 * const service = await startService(parseConfig({ accounts: [{ appId: 'wx0123456789abcdef', appSecret: 'env:WX_SECRET' }] }, process.env))
 */
export async function startService(config: Config, world: World = {}): Promise<RunningService> {
  const keys = loadKeys(config.keys, world.random ?? systemRandom)
  // Looked at later; until then a failure is nobody's fault.
  keys.catch(() => undefined)
  // The first start makes keys, on another thread, for as long as it takes to load the rest of the code.
  const [{ compose }, { listen }, { watchLoop }] = await Promise.all([
    import('./compose.ts'),
    import('./http/listen.ts'),
    import('./http/watch-loop.ts'),
  ])
  const service = await compose(config, world, keys)
  try {
    const { app, direct, gate, onClientError } = service
    const listener = await listen(app.fetch, { ...config.listen, direct, gate, onClientError })
    const stopWatching = watchLoop(gate.sample)
    service.warm()
    return {
      url: listener.url,
      port: listener.port,
      onUncaught: service.onUncaught,
      async close() {
        service.drain()
        await listener.close(undefined, config.listen.drainSeconds * 1_000)
        stopWatching()
        await service.close()
      },
    }
  } catch (error) {
    await service.close()
    throw error
  }
}
