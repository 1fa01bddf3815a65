import { createUploads } from './uploads.ts'

/** WeChat ends a recording by itself after a minute. */
const LONGEST_MS = 60_000
const SHORTEST_MS = 1_000
const LOOK_EVERY_MS = 250

/** Recordings of one document: one is recorded, one plays, at most. */
export interface Voices {
  /** False while another recording runs. */
  startRecord(): Promise<boolean>
  /** Gives the local id; undefined when nothing is recorded. */
  stopRecord(): Promise<string | undefined>
  /** False for an unknown local id. A voice that was playing stops without an event. */
  play(localId: string): Promise<boolean>
  pause(localId: string): Promise<boolean>
  stop(localId: string): boolean
  has(localId: string): boolean
  upload(localId: string, atMs: number): string | undefined
  download(serverId: string, atMs: number): string | undefined
  /** Ends the recording as if its time were over. */
  endRecording(): boolean
  /** Ends what plays as if it were over. */
  endPlaying(): boolean
}

interface Voice {
  readonly durationMs: number
}

interface Parts {
  scheme: 'weixin://resourceid/' | 'wxLocalResource://imageid'
  random: (size: number) => Uint8Array
  /** The sandbox's time: moving its clock ends recordings. */
  now: () => Promise<number>
  later: (run: () => void, ms: number) => unknown
  push: (event: 'onVoiceRecordEnd' | 'onVoicePlayEnd', payload: { localId: string }) => void
}

/** Something that runs since an instant and ends by itself. */
interface Running {
  startedAt: number
}

export function createVoices(parts: Parts): Voices {
  const { random, now, later, push } = parts
  const voices = new Map<string, Voice>()
  const paused = new Map<string, number>()
  const uploads = createUploads<Voice>(random)
  let recording: Running | undefined
  let playing: (Running & { localId: string; skippedMs: number }) | undefined

  const add = (voice: Voice): string => {
    const bytes = Array.from(random(16))
    const localId =
      parts.scheme === 'weixin://resourceid/'
        ? `${parts.scheme}${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
        : `wxLocalResource://voiceid${bytes.map((byte) => byte % 10).join('')}`
    voices.set(localId, voice)
    return localId
  }

  /** Looks again and again until it has ended, by time or otherwise. */
  const watch = (isRunning: () => boolean, leftMs: () => Promise<number>, end: () => void): void => {
    const look = async (): Promise<void> => {
      if (!isRunning()) return
      const left = await leftMs()
      if (!isRunning()) return
      if (left <= 0) end()
      else later(() => void look(), Math.min(left, LOOK_EVERY_MS))
    }
    later(() => void look(), LOOK_EVERY_MS)
  }

  const endRecording = (): boolean => {
    if (recording === undefined) return false
    recording = undefined
    push('onVoiceRecordEnd', { localId: add({ durationMs: LONGEST_MS }) })
    return true
  }
  const endPlaying = (): boolean => {
    if (playing === undefined) return false
    const { localId } = playing
    playing = undefined
    push('onVoicePlayEnd', { localId })
    return true
  }

  return {
    endRecording,
    endPlaying,
    has: (localId) => voices.has(localId),
    async startRecord() {
      if (recording !== undefined) return false
      const mine: Running = { startedAt: Number.POSITIVE_INFINITY }
      recording = mine
      mine.startedAt = await now()
      watch(
        () => recording === mine,
        async () => mine.startedAt + LONGEST_MS - (await now()),
        endRecording,
      )
      return true
    },
    async stopRecord() {
      const mine = recording
      if (mine === undefined) return undefined
      recording = undefined
      const durationMs = (await now()) - mine.startedAt
      return add({ durationMs: Math.min(Math.max(durationMs, SHORTEST_MS), LONGEST_MS) })
    },
    async play(localId) {
      const voice = voices.get(localId)
      if (voice === undefined) return false
      const mine = { localId, startedAt: Number.POSITIVE_INFINITY, skippedMs: paused.get(localId) ?? 0 }
      playing = mine
      paused.delete(localId)
      mine.startedAt = await now()
      watch(
        () => playing === mine,
        async () => mine.startedAt + voice.durationMs - mine.skippedMs - (await now()),
        endPlaying,
      )
      return true
    },
    async pause(localId) {
      const mine = playing
      if (mine?.localId !== localId) return false
      playing = undefined
      paused.set(localId, mine.skippedMs + Math.max(0, (await now()) - mine.startedAt))
      return true
    },
    stop(localId) {
      const isPlaying = playing?.localId === localId
      if (isPlaying) playing = undefined
      return paused.delete(localId) || isPlaying
    },
    upload(localId, atMs) {
      const voice = voices.get(localId)
      return voice === undefined ? undefined : uploads.put(voice, atMs)
    },
    download(serverId, atMs) {
      const voice = uploads.get(serverId, atMs)
      return voice === undefined ? undefined : add(voice)
    },
  }
}
