import { readFileSync } from 'node:fs'

/** The version in package.json: one folder up from the sources, two from what is built, three from the binary. */
export const version: string = readVersion(['../package.json', '../../package.json', '../../../package.json'])

function readVersion(places: readonly string[]): string {
  for (const place of places) {
    try {
      const manifest: { name?: string; version?: string } = JSON.parse(
        readFileSync(new URL(place, import.meta.url), 'utf8'),
      )
      if (manifest.name === 'wx-h5-kit' && manifest.version !== undefined) return manifest.version
    } catch {
      // Not there: the next place is tried.
    }
  }
  return '0.0.0'
}
