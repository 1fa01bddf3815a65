import { describe } from 'vitest'
import type { Service } from '../../server/compose.ts'
import { listen } from '../../server/http/listen.ts'

export type Ask = (path: string, init?: RequestInit) => Promise<Response>

interface Door {
  ask: Ask
  close(): Promise<void>
}

const doors: Record<string, (service: Service) => Promise<Door>> = {
  'app.request': async (service) => ({
    ask: async (path, init) => service.app.request(path, init),
    close: async () => undefined,
  }),
  'a socket': async (service) => {
    const listener = await listen(service.app.fetch, {
      host: '127.0.0.1',
      port: 0,
      direct: service.direct,
      gate: service.gate,
      onClientError: service.onClientError,
    })
    return {
      ask: (path, init) => fetch(`http://127.0.0.1:${listener.port}${path}`, init),
      close: () => listener.close(0),
    }
  },
}

/** Runs the same tests through both doors users have: the app in their own process, and HTTP. */
export function throughBothDoors(
  title: string,
  tests: (open: (service: Service) => Promise<Door>) => void,
): void {
  for (const [name, open] of Object.entries(doors)) {
    describe(`${title} through ${name}`, () => tests(open))
  }
}
