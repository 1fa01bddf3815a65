import { Transform } from 'node:stream'

/** A head that has not ended by then is taken as it is. */
const LONGEST_HEAD = 1_048_576

/**
 * Puts a text first into the head of a page and takes policies out of it; what follows the head streams through.
 *
 * The bytes are read one character each: tags look the same in every encoding pages use.
 */
export function injectIntoHead(text: string): Transform {
  let kept: string | undefined = ''
  const take = (): Buffer => {
    const page = editHead(kept ?? '', text)
    kept = undefined
    return Buffer.from(page, 'latin1')
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (kept === undefined) {
        done(null, chunk)
        return
      }
      kept += chunk.toString('latin1')
      if (/<\/head\s*>|<body[\s>]/i.test(kept) || kept.length > LONGEST_HEAD) done(null, take())
      else done()
    },
    flush(done) {
      if (kept === undefined) done()
      else done(null, take())
    },
  })
}

const policy =
  /<meta\b(?=[^>]*\bhttp-equiv\s*=\s*["']?(?:content-security-policy|x-frame-options)\b)(?:"[^"]*"|'[^']*'|[^>"'])*>/gi

/** The page with the text before everything that runs, as WeChat's own bridge is. */
export function editHead(page: string, text: string): string {
  const html = page.replace(policy, '')
  const at =
    endOf(/<head(?:\s[^>]*)?>/gi, html) ??
    endOf(/<html(?:\s[^>]*)?>/gi, html) ??
    endOf(/<!doctype[^>]*>/gi, html) ??
    0
  return `${html.slice(0, at)}${text}${html.slice(at)}`
}

/** Where the first such tag ends that is no comment. */
function endOf(tag: RegExp, html: string): number | undefined {
  for (const match of html.matchAll(new RegExp(`<!--[\\s\\S]*?-->|${tag.source}`, 'gi')))
    if (!match[0].startsWith('<!--')) return match.index + match[0].length
  return undefined
}
