import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { figure } from './report.ts'

/** What a page downloads that takes the client with one tag, WeChat's SDK included. */
export function measureClientSize(): void {
  const script = readFileSync(new URL('../../dist/client/wx-h5-kit.min.js', import.meta.url))
  console.log('\nclient')
  figure(
    'wx-h5-kit.min.js, WeChat SDK included, gzipped',
    `${(gzipSync(script).length / 1024).toFixed(1)} kB`,
  )
}
