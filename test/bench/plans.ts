import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BenchRequest, PAGE_NUMBER, type TargetPlan } from './target.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const appIdOf = (index: number): string => `wx${String(index).padStart(16, '0')}`

export const PAGE = `https://h5.example.com/news?id=${PAGE_NUMBER}&from=singlemessage`
export const MAIN = here('../../dist/server/main.js')
/** The same body for everybody, so that only the servers differ; `asked` of so many accounts in turn. */
function signature(accounts = 1, asked = 1): BenchRequest {
  const bodies = Array.from({ length: asked }, (_, index) =>
    JSON.stringify({ appId: appIdOf(Math.floor((index * accounts) / asked)), url: PAGE }),
  )
  return { method: 'POST', path: '/v1/jsapi/signature', bodies }
}

function written(name: string, file: string): TargetPlan {
  const args = ['--import', import.meta.resolve('tsx'), here(`./targets/${file}`)]
  return { name, request: signature(), args, cwd: here('.') }
}

export const plain = written('plain node:http: JSON and the hash', 'plain.ts')
export const hono = written('bare Hono doing the same', 'hono.ts')
export const honoWithMiddleware = written('Hono with six middlewares', 'hono-middleware.ts')

/** The built service as an operator starts it: everything on, the access log into a pipe, the database a file. */
export function service(name: string, wechatUrl: string, accounts = 1, asked = 1): TargetPlan {
  const folder = mkdtempSync(join(tmpdir(), 'wx-h5-bench-'))
  const config = {
    wechat: { apiHosts: [wechatUrl] },
    // On, and counted; only too high to be reached.
    rateLimits: { signature: { points: 1_000_000_000, perSeconds: 60 } },
    accounts: Array.from({ length: accounts }, (_, index) => ({
      appId: appIdOf(index),
      appSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
      pageOrigins: ['https://h5.example.com'],
    })),
  }
  writeFileSync(join(folder, 'wx-h5.json'), JSON.stringify(config))
  const args = (port: number) => [
    MAIN,
    'serve',
    '--config',
    'wx-h5.json',
    '--host',
    '127.0.0.1',
    '--port',
    `${port}`,
  ]
  return { name, request: signature(accounts, asked), args, cwd: folder }
}

/** wechat-jssdk behind express, from the npm registry; `undefined` where the registry does not answer. */
export function wechatJssdk(wechatUrl: string): TargetPlan | undefined {
  const installed = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: here('./peers'),
    stdio: 'ignore',
  })
  if (installed.status !== 0) return undefined
  return {
    name: 'wechat-jssdk behind express',
    request: { method: 'GET', path: `/get-signature?url=${encodeURIComponent(PAGE)}`, bodies: [''] },
    args: [here('./peers/wechat-jssdk.mjs')],
    env: { WECHAT: wechatUrl },
    // It keeps its tickets in a file where it runs.
    cwd: mkdtempSync(join(tmpdir(), 'wx-h5-bench-')),
  }
}
