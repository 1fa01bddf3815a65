import { writeSync } from 'node:fs'
import type { DestinationStream } from 'pino'

export interface LogDestination extends DestinationStream {
  /** Writes what waits before it returns: for the way out. */
  flushSync(): void
}

const BATCH_MS = 20
const BATCH_CHARACTERS = 16_384
/** Lines that wait for a reader that does not read: beyond this they are dropped, and counted. */
const MAX_WAITING_CHARACTERS = 16 * 1024 * 1024
/** So often a full pipe is tried again on the way out: for a second in all. */
const LAST_TRIES = 50
const RETRY_MS = 20

let standardOutput: LogDestination | undefined

/** Standard output as the log writes it; one for the whole process. */
export function logToStandardOutput(): LogDestination {
  if (standardOutput === undefined) {
    // Node makes a pipe or socket non-blocking as soon as the stream is made: a full one then says so at once.
    const { fd } = process.stdout
    standardOutput = createLogDestination((bytes) => writeSync(fd, bytes))
    process.on('exit', standardOutput.flushSync)
  }
  return standardOutput
}

/**
 * Makes a destination that writes the lines of 20 ms at once.
 *
 * One write per line costs as much as a signature, and a collector that stops reading would stop the service: what it
 * does not take now waits, up to 16 million characters. Nothing is lost when the process ends by itself, by a signal
 * it handles or by an error, as long as somebody reads. Pino's own buffered destination waits for ever on the way out
 * when the reader is gone.
 *
 * @param write some or all of the bytes, without blocking; throws `EAGAIN` when there is no room
 */
export function createLogDestination(write: (bytes: Uint8Array) => number): LogDestination {
  let waiting = ''
  let rest: Uint8Array = new Uint8Array(0)
  let due = false
  let dropped = 0
  let readerGone = false

  function later(): void {
    if (due) return
    due = true
    setTimeout(() => {
      due = false
      writeWaiting()
    }, BATCH_MS).unref()
  }

  /** Writes as much as there is room for; says whether that was all. */
  function writeWaiting(): boolean {
    if (rest.length === 0) {
      rest = Buffer.from(waiting)
      waiting = ''
    }
    try {
      while (rest.length > 0) rest = rest.subarray(write(rest))
    } catch (error) {
      if (isCode(error, 'EPIPE')) return giveUp()
      if (!isFull(error)) return drop()
      later()
      return false
    }
    tellDropped()
    return waiting === '' || writeWaiting()
  }

  /** Whoever read the log is gone; the service goes on. */
  function giveUp(): true {
    readerGone = true
    waiting = ''
    rest = new Uint8Array(0)
    return true
  }

  /** A disk that is full may have room again: the lines are lost, those to come are tried. */
  function drop(): true {
    dropped += Buffer.from(rest).toString().split('\n').length - 1 + waiting.split('\n').length - 1
    waiting = ''
    rest = new Uint8Array(0)
    return true
  }

  function tellDropped(): void {
    if (dropped === 0) return
    const line = { level: 'error', time: new Date().toISOString(), service: 'wx-h5-kit', dropped }
    const msg = 'log lines were dropped: nothing took them 日志无法写出，部分日志已丢弃'
    waiting += `${JSON.stringify({ ...line, msg })}\n`
    dropped = 0
  }

  return {
    write(line) {
      if (readerGone) return
      if (waiting.length + line.length > MAX_WAITING_CHARACTERS) {
        dropped++
        return
      }
      waiting += line
      if (waiting.length > BATCH_CHARACTERS && rest.length === 0) writeWaiting()
      else later()
    },
    flushSync() {
      for (let tries = 0; tries < LAST_TRIES && !writeWaiting(); tries++) Atomics.wait(pause, 0, 0, RETRY_MS)
    },
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

function isFull(error: unknown): boolean {
  return isCode(error, 'EAGAIN') || isCode(error, 'EBUSY')
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
