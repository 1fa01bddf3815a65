import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import { fill, onCore, PAGE_NUMBER, type Target } from './target.ts'

export interface Load {
  readonly answered: number
  readonly perSecond: number
  readonly cpuMicrosPerRequest: number
}

const CONNECTIONS = 32
const hasWrk = spawnSync('wrk', ['--version']).error === undefined
const run = promisify(execFile)

/** What makes the load; autocannon is slower than the fastest targets and then measures itself. */
export const generator = hasWrk ? 'wrk' : 'autocannon (install wrk for figures of the fastest targets)'

/** Asks as fast as possible from the second core. */
export async function load(target: Target, seconds: number): Promise<Load> {
  const cpuBefore = target.cpuMicros()
  const startedAt = performance.now()
  const answered = hasWrk ? await wrk(target, seconds) : await cannon(target, seconds)
  const tookS = (performance.now() - startedAt) / 1_000
  return {
    answered,
    perSecond: answered / Math.min(tookS, seconds),
    cpuMicrosPerRequest: (target.cpuMicros() - cpuBefore) / answered,
  }
}

/** Asks for everything once, so that every ticket is there before anything is measured. */
export async function askOnce({ port, request: { method, path, bodies } }: Target): Promise<void> {
  for (const body of bodies) {
    const response = await fetch(`http://127.0.0.1:${port}${fill(path, 0)}`, {
      method,
      body: method === 'GET' ? null : fill(body, 0),
      headers: { 'content-type': 'application/json' },
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    await response.text()
  }
}

const scripts = new Map<Target, string>()

/** No load asks for a page that another has asked for. */
const PAGES_PER_LOAD = 5_000_000
let firstPage = 0

async function wrk(target: Target, seconds: number): Promise<number> {
  const script = scripts.get(target) ?? writeScript(target)
  scripts.set(target, script)
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}`, '-s', script]
  const { stdout } = await run(
    ...onCore(1, ['wrk', ...args, `http://127.0.0.1:${target.port}`, '--', String(firstPage)]),
  )
  firstPage += PAGES_PER_LOAD
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${target.name} refused or failed:\n${stdout}`)
  return Number(/(\d+) requests in/.exec(stdout)?.[1])
}

function writeScript({ request: { method, path, bodies } }: Target): string {
  const file = join(mkdtempSync(join(tmpdir(), 'wx-h5-bench-')), 'request.lua')
  const headers = '{["Content-Type"]="application/json"}'
  const texts = bodies.map((body) => (method === 'GET' ? 'nil' : JSON.stringify(body)))
  // What is sent is the same but for the number of the page, so it is put together from two halves.
  const lua = [
    'local heads, tails, page = {}, {}, 0',
    'local function add(text)',
    `  local first, last = string.find(text, "${PAGE_NUMBER}", 1, true)`,
    '  heads[#heads + 1], tails[#tails + 1] = string.sub(text, 1, first - 1), string.sub(text, last + 1)',
    'end',
    'function init(args)',
    '  page = tonumber(args[1])',
    ...texts.map((body) => `  add(wrk.format("${method}", "${path}", ${headers}, ${body}))`),
    'end',
    'function request()',
    '  page = page + 1',
    '  local turn = page % #heads + 1',
    `  return heads[turn] .. string.format("%0${PAGE_NUMBER.length}d", page) .. tails[turn]`,
    'end',
  ]
  writeFileSync(file, lua.join('\n'))
  return file
}

async function cannon(target: Target, seconds: number): Promise<number> {
  const { method, path, bodies } = target.request
  const headers = { 'content-type': 'application/json' }
  const result = await autocannon({
    url: `http://127.0.0.1:${target.port}`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: bodies.map((body) => ({
      setupRequest(request) {
        const page = firstPage++
        return { ...request, method, headers, path: fill(path, page), body: fill(body, page) }
      },
    })),
  })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${target.name}: ${result.non2xx} refused`)
  return result['2xx']
}
