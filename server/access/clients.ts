import { createHash, timingSafeEqual } from 'node:crypto'
import type { ClientConfig } from '../config/types.ts'

/** What a client may be allowed to do. */
export type Scope =
  | 'sign'
  | 'identity'
  | 'token:read'
  | 'ticket:read'
  | 'people:read'
  | 'people:write'
  | 'people:phone'
  | 'message:send'
  | 'account:call'
  | 'admin'

/** A program that calls us with its own credentials. */
export interface Client {
  readonly clientId: string
  /** Empty when the client has none. */
  readonly applicationKey: string
  readonly scopes: ReadonlySet<Scope>
  /** appIds it may use; empty means every account. */
  readonly accounts: ReadonlySet<string>
}

export interface Clients {
  /** The client of a token, which is known by its id alone. */
  find(clientId: string): Client | undefined
  /** The client whose credentials these are; the time it takes says nothing about which of them is wrong. */
  identify(credentials: ClientCredentials): Client | undefined
}

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationKey: string
}

interface Entry {
  readonly client: Client
  readonly secret: Buffer
  readonly previousSecret: Buffer
  readonly applicationKey: Buffer
}

/** No text has this hash as far as anybody knows, so comparing with it always fails. */
const NOTHING = Buffer.alloc(32)

/** Holds the configured clients; of their secrets only the SHA-256. */
export function createClients(configured: readonly ClientConfig[]): Clients {
  const entries = new Map<string, Entry>(configured.map((client) => [client.clientId, readEntry(client)]))
  return {
    find: (clientId) => entries.get(clientId)?.client,
    identify({ clientId, clientSecret, applicationKey }) {
      const entry = entries.get(clientId)
      const secret = sha256(clientSecret)
      // All three are compared for everyone, the unknown client included.
      const current = timingSafeEqual(secret, entry?.secret ?? NOTHING)
      const previous = timingSafeEqual(secret, entry?.previousSecret ?? NOTHING)
      const application = timingSafeEqual(sha256(applicationKey), entry?.applicationKey ?? NOTHING)
      return (current || previous) && application ? entry?.client : undefined
    },
  }
}

function readEntry(config: ClientConfig): Entry {
  const { clientId, clientSecret, previousClientSecret, applicationKey = '', scopes, accounts } = config
  return {
    client: {
      clientId,
      applicationKey,
      scopes: new Set(scopes as readonly Scope[]),
      accounts: new Set(accounts),
    },
    secret: readHash(clientSecret),
    previousSecret: previousClientSecret === undefined ? NOTHING : readHash(previousClientSecret),
    applicationKey: sha256(applicationKey),
  }
}

function readHash(secret: string): Buffer {
  const written = /^sha256:([0-9a-f]{64})$/i.exec(secret)?.[1]
  return written === undefined ? sha256(secret) : Buffer.from(written, 'hex')
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
