import type { ApiRequest } from '../api/request.ts'
import type { SandboxVisitor } from '../oauth-types.ts'
import type { World } from '../world.ts'
import { PageRefusal } from './page-refusal.ts'
import { VISITOR_NAME, visitorCookieOf } from './visitor-cookie.ts'

/** Who is looking: named in the address, else chosen for this browser, else for the whole sandbox. */
export function lookingVisitor(world: World, { query, headers }: ApiRequest): SandboxVisitor {
  const named = query.get(VISITOR_NAME)
  if (named !== null) {
    const found = world.visitors.find(named)
    if (found === undefined) throw new PageRefusal('visitor')
    return found
  }
  // A browser may still hold the choice of an earlier sandbox.
  return world.visitors.find(visitorCookieOf(headers) ?? '') ?? world.visitors.current()
}
