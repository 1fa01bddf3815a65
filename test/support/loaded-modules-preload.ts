import { register } from 'node:module'

const hooks = `export async function resolve(specifier, context, next) {
  const resolved = await next(specifier, context)
  if (resolved.url.includes('/@opentelemetry/')) process._rawDebug('LOADED ' + resolved.url)
  return resolved
}`

/** For `node --import`: names every module of OpenTelemetry that the process loads, on the standard error. */
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
