import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from './processes.ts'

const run = promisify(execFile)

/** A disk of a few megabytes that is gone when the test is over. */
export interface SmallDisk {
  readonly folder: string
  /** Leaves no byte free. */
  fill(): Promise<void>
  free(): Promise<void>
  readOnly(yes: boolean): Promise<void>
}

/** Mounts one; `undefined`, with one visible line, where this user may not. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const folder = await temporaryFolder()
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  } catch {
    console.warn('This user may not mount a disk: what a full and a read-only one do is not tested.')
    return undefined
  }
  onTestFinished(async () => void (await run('umount', ['--lazy', folder])))
  const filler = join(folder, 'filler')
  return {
    folder,
    async fill() {
      for (let bytes = 65_536; bytes >= 1; bytes = Math.floor(bytes / 4)) {
        try {
          for (;;) await writeFile(filler, Buffer.alloc(bytes), { flag: 'a' })
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
        }
      }
    },
    free: () => rm(filler),
    readOnly: async (yes) => void (await run('mount', ['-o', `remount,${yes ? 'ro' : 'rw'}`, folder])),
  }
}

/** Whether limits of running processes can be changed here. */
export async function canLimitFiles(): Promise<boolean> {
  return run('prlimit', ['--version']).then(
    () => true,
    () => false,
  )
}

/** No file of the process may grow beyond so many bytes; without a number, all may again. */
export async function limitFiles(pid: number, bytes?: number): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`])
}
