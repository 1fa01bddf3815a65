import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { parseConfig } from '../../server/config/load.ts'
import { testKeys } from '../support/keys.ts'

// The files that operators copy: they must agree with each other, with the documents, and with the service.

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const config: unknown = JSON.parse(text('deploy/wx-h5.json'))
const configNames = [...text('deploy/wx-h5.json').matchAll(/"env:(\w+)"/g)].map((match) => match[1])

const environment = {
  WX_PUBLIC_URL: 'https://h5.example.com/mp',
  WX_PAGE_ORIGIN: 'https://h5.example.com',
  WX_APP_ID: 'wx0123456789abcdef',
  WX_SECRET: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  DATABASE_URL: 'postgres://wx_h5:password@postgres:5432/wx_h5',
  REDIS_URL: 'redis://redis:6379',
  WX_SSO_KEY: testKeys.ssoToken[0]?.replaceAll('\n', '\\n'),
  WX_PHONE_KEY: testKeys.phone[0],
  WX_PHONE_INDEX_KEY: testKeys.phoneIndex,
}

/** Seconds in which the service may be told to drain and then finish. */
const drain = parseConfig(config, environment).listen.drainSeconds
const FINISH_S = 10

describe('the configuration', () => {
  test('is complete with the variables it names', () => {
    const { accounts, redis, keys } = parseConfig(config, environment)
    expect(accounts[0]?.appId).toBe('wx0123456789abcdef')
    expect(redis).toBe('redis://redis:6379')
    expect(keys.ssoToken).toHaveLength(1)
    expect(Object.keys(environment).sort()).toEqual([...new Set(configNames)].sort())
  })

  test.each(['docs/deploy.md', 'docs/deploy.zh-CN.md'])('%s says where every value comes from', (page) => {
    for (const name of configNames) expect(text(page)).toContain(name)
  })
})

describe('the Dockerfile', () => {
  const lines = text('Dockerfile').split('\n')
  const stage = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')))

  test('runs as somebody without rights, from a pinned image', () => {
    expect(stage.find((line) => line.startsWith('USER'))).toBe('USER node')
    expect(lines.find((line) => line.startsWith('ARG NODE='))).toMatch(/=\d+\.\d+\.\d+-bookworm-slim$/)
  })

  test('gets everything that the build reads, and nothing else', () => {
    const allowed = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    expect(text('.dockerignore').startsWith('*\n')).toBe(true)
    for (const path of allowed) expect(existsSync(join(root, path)), path).toBe(true)
    expect(allowed).toEqual(
      expect.arrayContaining(['build.ts', 'tsconfig.json', 'package-lock.json', 'server', 'client', 'demo']),
    )
  })

  test('starts a file that the package ships', () => {
    const entry = stage.find((line) => line.startsWith('ENTRYPOINT')) ?? ''
    const words = JSON.parse(entry.slice('ENTRYPOINT '.length)) as string[]
    const [runtime, file] = [words[0], words.at(-1)]
    expect(runtime).toBe('node')
    expect(file).toBe(`/app/${bin()}`)
  })
})

describe('the health check of the image', () => {
  const children: ChildProcess[] = []
  const folder = mkdtempSync(join(tmpdir(), 'wx-h5-image-'))
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  test('passes while the service answers, and fails when nothing does', async () => {
    const command = /HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(text('Dockerfile'))?.[1] ?? ''
    const [runtime, ...args] = JSON.parse(command) as [string, ...string[]]
    const healthy = (port: number) =>
      promisify(execFile)(runtime, args, { env: { PATH: process.env.PATH, PORT: String(port) } }).then(
        () => true,
        () => false,
      )
    // Nothing leaves this machine: the service's WeChat refuses everything, and it is alive all the same.
    const wechat = createServer((_, answer) => answer.end('{"errcode":40125,"errmsg":"invalid appsecret"}'))
    await new Promise<void>((resolve) => wechat.listen(0, '127.0.0.1', resolve))
    const service = spawn(process.execPath, [join(root, bin()), 'serve', '--host', '0.0.0.0'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        WX_APP_ID: environment.WX_APP_ID,
        WX_APP_SECRET: environment.WX_SECRET,
        WX_API_HOSTS: `http://127.0.0.1:${(wechat.address() as AddressInfo).port}`,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    children.push(service)
    const port = await new Promise<number>((resolve) => {
      let seen = ''
      service.stdout.on('data', (piece) => {
        seen += piece
        const found = /listening on http:\/\/localhost:(\d+)/.exec(seen)?.[1]
        if (found !== undefined) resolve(Number(found))
      })
    })
    expect(await healthy(port)).toBe(true)
    const gone = new Promise((resolve) => service.once('exit', resolve))
    service.kill('SIGKILL')
    await gone
    expect(await healthy(port)).toBe(false)
    wechat.close()
    wechat.closeAllConnections()
  })
})

interface ComposeService {
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly stop_grace_period?: string
  readonly environment?: Readonly<Record<string, string>>
}

describe('the compose file', () => {
  const { services } = parse(text('deploy/compose.yaml'), { merge: true }) as {
    services: Readonly<Record<string, ComposeService>>
  }
  const ours = Object.entries(services).filter(([name]) => name.startsWith('wx-h5'))

  test('gives both processes every value, a read-only root, no rights, and time to stop', () => {
    expect(ours).toHaveLength(2)
    for (const [name, service] of ours) {
      expect(Object.keys(service.environment ?? {}).sort(), name).toEqual([...new Set(configNames)].sort())
      expect(service.read_only).toBe(true)
      expect(service.cap_drop).toEqual(['ALL'])
      expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(drain + FINISH_S)
    }
  })

  test('puts nginx before exactly these two', () => {
    const upstream = [...text('deploy/nginx.conf').matchAll(/server ([\w-]+):8787/g)].map((match) => match[1])
    expect(upstream).toEqual(ours.map(([name]) => name))
  })
})

describe('the Kubernetes manifest', () => {
  const documents = parseAllDocuments(text('deploy/kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as { kind: string; spec: Record<string, unknown> }
  })
  const deployment = documents.find(({ kind }) => kind === 'Deployment') as unknown as {
    spec: {
      strategy: { rollingUpdate: { maxUnavailable: number } }
      template: {
        spec: {
          terminationGracePeriodSeconds: number
          securityContext: { runAsNonRoot: boolean }
          containers: readonly {
            livenessProbe: { httpGet: { path: string } }
            readinessProbe: { httpGet: { path: string } }
            securityContext: { readOnlyRootFilesystem: boolean; allowPrivilegeEscalation: boolean }
          }[]
        }
      }
    }
  }
  const pod = deployment.spec.template.spec

  test('asks the right addresses whether a pod lives and whether it is ready', () => {
    expect(pod.containers[0]?.livenessProbe.httpGet.path).toBe('/healthz')
    expect(pod.containers[0]?.readinessProbe.httpGet.path).toBe('/readyz')
  })

  test('never takes a pod away before another is ready, and gives it time to stop', () => {
    expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + FINISH_S)
  })

  test('runs as somebody without rights on a root that cannot be written', () => {
    expect(pod.securityContext.runAsNonRoot).toBe(true)
    expect(pod.containers[0]?.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    })
  })
})

describe('the systemd unit', () => {
  const unit = text('deploy/systemd/wx-h5@.service')

  test('starts a file that the package ships and gives it time to stop', () => {
    expect(unit).toContain(`/node_modules/wx-h5-kit/${bin()} serve --config`)
    const seconds = Number(/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1])
    expect(seconds).toBeGreaterThanOrEqual(drain + FINISH_S)
  })
})

function bin(): string {
  return (JSON.parse(text('package.json')) as { bin: { 'wx-h5': string } }).bin['wx-h5'].replace('./', '')
}
