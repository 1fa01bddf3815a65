import { compose, type World } from './compose.ts'
import type { Config } from './config/types.ts'
import { listen } from './http/listen.ts'

export interface RunningService {
  readonly url: string
  readonly port: number
  /** Finishes what is under way and stops, within 10 s. */
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
  const service = await compose(config, world)
  try {
    const listener = await listen(service.app.fetch, config.listen)
    service.warm()
    return {
      url: listener.url,
      port: listener.port,
      async close() {
        service.drain()
        await listener.close()
        await service.close()
      },
    }
  } catch (error) {
    await service.close()
    throw error
  }
}
