import { OpenAPIHono } from '@hono/zod-openapi'
import { type AccessRouteParts, mountAccess } from './access/routes.ts'
import { type AuthInfoParts, mountAuthInfo } from './auth-info/routes.ts'
import { type CardParts, mountCards } from './cards/routes.ts'
import { type CredentialRouteParts, mountCredentials } from './credentials/routes.ts'
import { mountDocs } from './docs/routes.ts'
import { ServiceError } from './errors.ts'
import { createDirect, type Direct } from './http/direct.ts'
import { createEndpoint, createFrame, type EndpointParts, type Frame } from './http/endpoint.ts'
import { mountVerifyFiles } from './http/verify-files.ts'
import { type JsapiParts, mountJsapi } from './jsapi/routes.ts'
import { type FansParts, mountFans } from './marketing/routes.ts'
import { mountObservability, type ObservabilityParts } from './observability/routes.ts'

/** What the app is put together from: one entry per capability. */
export interface Capabilities {
  readonly endpoint: EndpointParts
  /** Put around the frame of every route, for traces. Default: nothing. */
  readonly aroundFrame?: (frame: Frame) => Frame
  readonly jsapi: JsapiParts
  readonly cards: CardParts
  readonly authInfo: AuthInfoParts
  readonly access: AccessRouteParts
  readonly credentials: CredentialRouteParts
  readonly fans: FansParts
  readonly observability: ObservabilityParts
  readonly verifyFiles: ReadonlyMap<string, string>
  /** Path part of `publicUrl` (`/mp`), accepted in front of every route; proxies may or may not cut it off. */
  readonly prefix: string
  readonly version: string
}

/** Mounts every capability on one Hono app, and makes the direct door to the busiest routes. */
export function buildApp(capabilities: Capabilities): { app: OpenAPIHono; direct: Direct } {
  const { prefix } = capabilities
  const app = new OpenAPIHono({ getPath: (request) => withoutPrefix(pathOf(request.url), prefix) })
  const plainFrame = createFrame(capabilities.endpoint)
  const frame = capabilities.aroundFrame?.(plainFrame) ?? plainFrame
  const endpoint = createEndpoint(frame)
  const busy = mountJsapi(app, endpoint, capabilities.jsapi)
  mountCards(app, endpoint, capabilities.cards)
  mountAuthInfo(app, endpoint, capabilities.authInfo)
  mountAccess(app, endpoint, capabilities.access)
  mountCredentials(app, endpoint, capabilities.credentials)
  mountFans(app, endpoint, capabilities.fans)
  mountObservability(app, endpoint, capabilities.observability)
  mountVerifyFiles(app, endpoint, capabilities.verifyFiles)
  mountDocs(app, endpoint, { version: capabilities.version })

  const methods = methodsByPath(app)
  const patterns = [...methods.keys()]
    .filter((route) => route.includes(':'))
    .map((route) => ({ route, matches: new RegExp(`^${route.replaceAll(parameters, '[^/]+')}$`) }))
  app.notFound((context) => {
    const { path } = context.req
    const route = methods.has(path) ? path : patterns.find(({ matches }) => matches.test(path))?.route
    const allowed = methods.get(route ?? '')
    const answer = endpoint(
      route === undefined ? 'unknown' : readable(route),
      () => {
        throw allowed === undefined ? nothingThere() : wrongMethod(allowed)
      },
      allowed === undefined ? {} : { headers: () => ({ allow: allowed.join(', ') }) },
    )
    return answer(context, async () => undefined) as Promise<Response>
  })
  return { app, direct: createDirect(frame, busy, prefix) }
}

const parameters = /:(\w+)/g

/** A route as OpenAPI writes it, which is how log and metrics name it: `/v1/accounts/{appId}`. */
function readable(route: string): string {
  return route.replaceAll(parameters, '{$1}')
}

function nothingThere(): ServiceError {
  return new ServiceError('not_found', 'There is nothing at this address.', {
    hint: 'See /docs for the routes.',
  })
}

function wrongMethod(allowed: readonly string[]): ServiceError {
  return new ServiceError('method_not_allowed', `This address answers ${allowed.join(', ')} only.`, {
    hint: `Use ${allowed[0]}; see /docs.`,
  })
}

function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end === -1 ? url.slice(start) : url.slice(start, start + end)
}

function withoutPrefix(path: string, prefix: string): string {
  return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path
}

function methodsByPath(app: OpenAPIHono): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of app.routes) {
    const known = methods.get(path) ?? []
    if (method !== 'OPTIONS' && !known.includes(method)) methods.set(path, [...known, method])
  }
  return methods
}
