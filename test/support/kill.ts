import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { BundledScript } from './bundle-script.ts'
import type { Ending } from './processes.ts'

/** What a program had printed when it ended. */
export interface Run {
  readonly lines: readonly string[]
  readonly ended: Ending
  readonly errors: string
}

/**
 * Runs a program until it ends; with `killAfter`, SIGKILL hits it in whatever it does so many milliseconds after so
 * many lines.
 */
export async function runScript(
  { file }: BundledScript,
  args: readonly string[],
  killAfter?: { readonly lines: number; readonly ms: number },
): Promise<Run> {
  const child = spawn(process.execPath, [file, ...args])
  const lines: string[] = []
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<Ending>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code)),
  )
  const kill = (): void => void setTimeout(() => child.kill('SIGKILL'), killAfter?.ms)
  if (killAfter?.lines === 0) kill()
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === killAfter?.lines) kill()
  }
  return { lines, ended: await ended, errors }
}
