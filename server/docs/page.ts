import { escapeHtml } from '../http/escape-html.ts'

/** The parts of an OpenAPI document that the page shows. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>
}

interface Operation {
  readonly summary?: string
  readonly description?: string
  readonly requestBody?: Content
  readonly responses?: Readonly<Record<string, Content & { readonly description?: string }>>
}

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string }
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const style = `
:root{color-scheme:light dark;--line:#8883;--soft:#8881;--accent:#07a050}
body{font:16px/1.6 system-ui,"PingFang SC","Noto Sans SC",sans-serif;max-width:52rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.05rem;margin:0;font-weight:600}
a{color:var(--accent)}code{font:.9em ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere}
article{border:1px solid var(--line);border-radius:.75rem;margin:1.25rem 0;padding:1rem 1.25rem}
.method{color:var(--accent);font-weight:700;margin-right:.5rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
td,th{border-top:1px solid var(--line);padding:.35rem .5rem .35rem 0;text-align:left;vertical-align:top}
th{font-weight:600;font-size:.85rem;opacity:.7}p{margin:.4rem 0}
`

/** Renders an OpenAPI document as one readable page: no scripts, nothing loaded from elsewhere. */
export function renderDocs(document: object): string {
  const { info, paths = {} } = document as Document
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      renderOperation(method, path, operation as Operation),
    ),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(info.title)} ${escapeHtml(info.version)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(info.title)} <small>${escapeHtml(info.version)}</small></h1>
<p>${escapeHtml(info.description ?? '')} Machine-readable: <a href="openapi.json">openapi.json</a>.</p>
${operations.join('\n')}
</body></html>`
}

function renderOperation(method: string, path: string, operation: Operation): string {
  return `<article><h2><span class="method">${method.toUpperCase()}</span><code>${escapeHtml(path)}</code></h2>
<p><strong>${escapeHtml(operation.summary ?? '')}</strong></p><p>${ticks(operation.description ?? '')}</p>
${renderFields('Request', schemaOf(operation.requestBody))}
${renderFields('Answer', schemaOf(operation.responses?.['200']))}
${renderResponses(operation.responses ?? {})}</article>`
}

function renderFields(title: string, schema: Schema | undefined): string {
  const properties = Object.entries(schema?.properties ?? {})
  if (properties.length === 0) return ''
  const rows = properties.map(([name, field]) => {
    const optional = schema?.required?.includes(name) ? '' : ', optional'
    return `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml([field.type].flat().join(' or '))}${optional}</td><td>${ticks(field.description ?? '')}</td></tr>`
  })
  return `<table><tr><th>${title}</th><th></th><th></th></tr>${rows.join('')}</table>`
}

function renderResponses(responses: NonNullable<Operation['responses']>): string {
  const rows = Object.entries(responses).map(
    ([status, { description }]) =>
      `<tr><td><code>${status}</code></td><td>${ticks(description ?? '')}</td></tr>`,
  )
  return `<table><tr><th>Status</th><th></th></tr>${rows.join('')}</table>`
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return Object.values(content?.content ?? {})[0]?.schema
}

function ticks(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}
