/** WeChat keeps temporary media for three days. */
const LIFE_MS = 3 * 86_400_000
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** What was put on WeChat's server, by media id. */
export interface Uploads<T> {
  put(item: T, atMs: number): string
  /** Undefined for an unknown media id, and three days after the upload. */
  get(serverId: string, atMs: number): T | undefined
}

export function createUploads<T>(random: (size: number) => Uint8Array): Uploads<T> {
  const kept = new Map<string, { item: T; endsAt: number }>()
  return {
    put(item, atMs) {
      const serverId = Array.from(random(43), (byte) => ALPHABET.charAt(byte % 64)).join('')
      kept.set(serverId, { item, endsAt: atMs + LIFE_MS })
      return serverId
    },
    get(serverId, atMs) {
      const found = kept.get(serverId)
      return found !== undefined && atMs < found.endsAt ? found.item : undefined
    },
  }
}
