import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs the command line from the sources, in a folder and with an environment of its own.
 *
 * @param onOutput sees the standard output so far after each piece; `'gone'`: nobody reads it, as behind `| head`
 */
export function wxH5(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onOutput?: 'gone' | ((stdout: string, kill: (signal: NodeJS.Signals) => void) => void),
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
    })
    let stdout = ''
    let stderr = ''
    if (onOutput === 'gone') child.stdout.destroy()
    child.stdout.on('data', (piece: Buffer) => {
      stdout += String(piece)
      if (onOutput !== 'gone') onOutput?.(stdout, (signal) => child.kill(signal))
    })
    child.stderr.on('data', (piece: Buffer) => {
      stderr += String(piece)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
