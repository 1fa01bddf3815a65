import type { SandboxVisitor } from '../oauth-types.ts'
import { escapeHtml } from './html-page.ts'

/** Where the pictures of the visitors are, as on WeChat: the last part is the size. */
export const PICTURE_PATH = '/mmopen/vi_32/:visitor/:size'

/** A coloured square with the first letter of the nickname. */
export function picture({ id, nickname }: SandboxVisitor): Response {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7)
  const letter = escapeHtml([...nickname][0] ?? '')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="132" height="132" viewBox="0 0 132 132"><rect width="132" height="132" fill="hsl(${hue} 48% 46%)"/><text x="66" y="69" fill="#fff" font-family="system-ui,sans-serif" font-size="60" text-anchor="middle" dominant-baseline="middle">${letter}</text></svg>`
  return new Response(svg, {
    headers: {
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'",
      'access-control-allow-origin': '*',
    },
  })
}
