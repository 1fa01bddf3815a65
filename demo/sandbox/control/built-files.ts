import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { PhoneSettings, SandboxOptions } from '../types.ts'
import { refuse } from './read-body.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** `/__sandbox/bridge.js`. */
export async function sendBridgeScript(file: string | undefined): Promise<Response> {
  if (file === undefined) {
    throw refuse(404, 'not_found', 'This sandbox was given no bridge script (option bridgeScript).')
  }
  const bytes = await readIfThere(file)
  return bytes === undefined ? notBuilt('bridge script') : send(bytes, '.js')
}

/** `/__sandbox/phone.json`: the named fields only, so that a whole account handed in shows no secret. */
export function phoneSettings(phone: SandboxOptions['phone']): PhoneSettings {
  if (phone === undefined)
    throw refuse(404, 'not_found', 'This sandbox was given no phone settings (option phone).')
  const { page, sandbox, account } = typeof phone === 'function' ? phone() : phone
  const { appId, name } = account
  return { page, sandbox, account: name === undefined ? { appId } : { appId, name } }
}

/** A file of a built folder; undefined when there is none of this name. */
export async function sendBuiltFile(folder: string, path: string): Promise<Response | undefined> {
  const name = fileName(path)
  if (name === undefined) return undefined
  const bytes = await readIfThere(join(folder, name))
  if (bytes !== undefined) return send(bytes, extname(name))
  // Browsers ask for it by themselves; it is no call to WeChat.
  if (name === 'favicon.ico') return new Response(null, { status: 204 })
  return name === 'index.html' ? notBuilt('phone') : undefined
}

/** The path inside the folder; undefined when it is malformed or leads out of it. */
function fileName(path: string): string | undefined {
  let decoded: string
  try {
    decoded = decodeURIComponent(path.replace(/^\/+/, ''))
  } catch (_malformed) {
    return undefined
  }
  if (decoded === '' || decoded.endsWith('/')) decoded += 'index.html'
  const name = normalize(decoded)
  const leavesFolder =
    name.startsWith('..') || name.startsWith(sep) || name.includes('\0') || name.includes(':')
  return leavesFolder ? undefined : name
}

async function readIfThere(file: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await readFile(file))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(String(error.code))
  )
}

function send(bytes: Uint8Array<ArrayBuffer>, extension: string): Response {
  return new Response(bytes, {
    headers: {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
    },
  })
}

function notBuilt(what: string): Response {
  const text = `The ${what} of the sandbox is not built; run: npm run build\n沙箱的页面还没有构建，请运行：npm run build\n`
  return new Response(text, { status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
