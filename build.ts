import { execFile } from 'node:child_process'
import { chmod, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type InlineConfig } from 'vite'

// Everything that is shipped: `tsc` turns the Node side into ESM one to one and writes all declarations,
// Vite bundles what runs in a browser.

const root = fileURLToPath(new URL('.', import.meta.url))
const run = promisify(execFile)
const tsc = (...args: string[]) =>
  run(process.execPath, ['node_modules/typescript/bin/tsc', ...args], { cwd: root })

const browser = (config: InlineConfig): Promise<unknown> =>
  build({ root, configFile: false, logLevel: 'warn', publicDir: false, ...config })

const library = (
  entry: string,
  outDir: string,
  format: 'es' | 'iife',
  fileName: string,
  name?: string,
): Promise<unknown> =>
  browser({
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2019',
      minify: format === 'iife',
      sourcemap: format === 'es',
      lib: { entry, formats: [format], fileName: () => fileName, ...(name === undefined ? {} : { name }) },
      rolldownOptions: { external: format === 'es' ? ['weixin-js-sdk', 'js-cookie'] : [] },
    },
  })

const site = (folder: string): Promise<unknown> =>
  browser({
    root: `${root}${folder}`,
    base: './',
    build: { outDir: `${root}dist/${folder}`, emptyOutDir: true, target: 'es2020' },
  })

await rm(`${root}dist`, { recursive: true, force: true })
await Promise.all([
  tsc('-p', 'server'),
  tsc('-p', 'client'),
  library('client/index.ts', 'dist/client', 'es', 'index.js'),
  library('client/script.ts', 'dist/client', 'iife', 'wx-h5-kit.min.js', 'WxH5Kit'),
  library('demo/sandbox/bridge/index.ts', 'dist/demo/sandbox/bridge', 'es', 'index.js'),
  library(
    'demo/sandbox/bridge/index.ts',
    'dist/demo/sandbox/bridge',
    'iife',
    'bridge.min.js',
    'WeixinSandbox',
  ),
  site('demo/page'),
  site('demo/phone'),
]).catch((error: unknown) => {
  const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : ''
  console.error(output === '' ? error : output)
  process.exit(1)
})
await chmod(`${root}dist/server/main.js`, 0o755)
