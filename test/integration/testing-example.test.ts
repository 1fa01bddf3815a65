import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The example project as its reader has it: copied away, with the built package and the others installed.

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

interface Outcome {
  numTotalTests: number
  numPassedTests: number
  numPendingTests: number
  numFailedTests: number
}

let project: string

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/demo/sandbox/index.js')))
    throw new Error('There is no build. Build first: npm run build')
  project = await mkdtemp(join(tmpdir(), 'testing-example-'))
  await cp(join(root, 'demo/testing-example'), project, { recursive: true })
  await install()
})
afterAll(() => rm(project, { recursive: true, force: true }))

/** What `npm install` would do with its package.json, by links to what is installed here. */
async function install(): Promise<void> {
  const manifest: Record<'dependencies' | 'devDependencies', Record<string, string>> = JSON.parse(
    await readFile(join(project, 'package.json'), 'utf8'),
  )
  const modules = join(project, 'node_modules')
  await mkdir(join(modules, '@types'), { recursive: true })
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const installed = name === 'wx-h5-kit' ? root : join(root, 'node_modules', name)
    await symlink(installed, join(modules, name))
  }
  await symlink(join(root, 'node_modules/.bin'), join(modules, '.bin'))
}

describe('the example project', () => {
  test('its tests pass', async () => {
    const report = join(project, 'report.json')
    await run('npx', ['vitest', 'run', '--reporter=json', `--outputFile=${report}`], {
      cwd: project,
      env: { ...process.env, NODE_OPTIONS: '' },
    }).catch((failed: { stdout: string; stderr: string }) => {
      throw new Error(`The example failed:\n${failed.stdout}\n${failed.stderr}`)
    })
    const outcome: Outcome = JSON.parse(await readFile(report, 'utf8'))
    expect(outcome.numFailedTests).toBe(0)
    expect(outcome.numPassedTests + outcome.numPendingTests).toBe(outcome.numTotalTests)
    expect(outcome.numPassedTests).toBeGreaterThanOrEqual(4)
    const hasChromium = existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium')
    if (hasChromium) expect(outcome.numPendingTests).toBe(0)
  }, 180_000)

  test('its types are right', async () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch(
      (failed: { stdout: string }) => failed,
    )
    expect(stdout).toBe('')
  }, 60_000)

  test('it is what a reader can take in', async () => {
    const files = await readdir(join(root, 'demo/testing-example'), { recursive: true, withFileTypes: true })
    const names = files.filter((file) => file.isFile()).map(({ name }) => name)
    expect(names.length).toBeLessThanOrEqual(10)
    expect(await readFile(join(root, 'demo/testing-example/README.md'), 'utf8')).toMatch(/一个带测试的项目/)
  })
})
