import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { explainErrcode } from '../../server/wechat/errcodes.ts'
import { createTestService, form, PAGE } from '../support/service.ts'
import { anchor, codeSpans, headings } from './markdown.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Record<'summary' | 'summary_zh' | 'action' | 'action_zh', string>
}
interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: Record<'h' | 'w' | 'x' | 'y', number>
  readonly datasource?: object
  readonly targets?: readonly { readonly expr: string; readonly refId: string; readonly datasource: object }[]
}
interface Dashboard {
  readonly schemaVersion: number
  readonly templating: { readonly list: readonly { name: string; type: string; definition?: string }[] }
  readonly panels: readonly Panel[]
}

const alerts: { groups: readonly { name: string; rules: readonly Rule[] }[] } = parse(
  read('ops/prometheus/alerts.yml'),
)
const rules = alerts.groups.flatMap((group) => group.rules)
const dashboard: Dashboard = JSON.parse(read('ops/grafana/wx-h5-kit.json'))
const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
const variables = dashboard.templating.list.flatMap(({ definition }) => definition ?? [])

/** What Prometheus adds to every target. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['job', 'instance', 'le'] }
const words = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'group_left', 'bool'])

/** The names of metrics in a PromQL expression, without the suffixes of histograms. */
function metricsOf(expr: string): string[] {
  const bare = expr
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
  return [...bare.matchAll(/(?<![\w:.$])([a-zA-Z_:][\w:]*)(?!\s*\(|[\w:])/g)]
    .map(([, name = '']) => name)
    .filter((name) => !words.has(name))
    .map((name) => name.replace(/_seconds_(?:bucket|sum|count)$/, '_seconds'))
}

/** The labels that an expression matches or groups by. */
function labelsOf(expr: string): string[] {
  const bare = expr.replace(/"(?:[^"\\]|\\.)*"/g, '""')
  const matched = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  )
  const grouped = [...bare.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)].flatMap(
    ([, inside = '']) => inside.split(',').map((label) => label.trim()),
  )
  return [...matched, ...grouped].filter((label) => label !== '')
}

const promtool = spawnSync('promtool', ['--version']).status === 0
if (!promtool) console.log('promtool is not installed: the alert rules are checked without it')

describe('the names that dashboard and alerts use', () => {
  let names: ReadonlySet<string>
  let labels: ReadonlySet<string>

  beforeAll(async () => {
    const { service } = await createTestService()
    await service.app.request('/v1/jsapi/signature', form({ url: PAGE }))
    const text = await (await service.app.request('/metrics')).text()
    await service.close()
    names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
    const documented = [...read('docs/operations.md').matchAll(/^\| `wxh5_\w+` \| ([^|]*)/gm)]
    labels = new Set(documented.flatMap(([, cell = '']) => codeSpans(cell)))
  })

  test('are read from expressions as Prometheus reads them', () => {
    const expr =
      'histogram_quantile(0.9, sum by (le, a) (rate(wxh5_x_seconds_bucket{b=~"c(d)"}[5m]))) > 2 and on (e) up == 1'
    expect(metricsOf(expr)).toEqual(['wxh5_x_seconds', 'up'])
    expect(labelsOf(expr)).toEqual(['b', 'le', 'a', 'e'])
  })

  test('are in /metrics of a running service', () => {
    const used = [...rules.map(({ expr }) => expr), ...queries].flatMap(metricsOf)
    expect(new Set(used).size).toBeGreaterThan(20)
    const known = new Set([...names, ...OF_PROMETHEUS.metrics])
    expect(used.filter((name) => !known.has(name))).toEqual([])
  })

  test('match and group by labels that the metrics have', () => {
    const used = [...rules.map(({ expr }) => expr), ...queries].flatMap(labelsOf)
    const known = new Set([...labels, ...OF_PROMETHEUS.labels])
    expect(labels.size).toBeGreaterThan(10)
    expect([...new Set(used)].filter((label) => !known.has(label))).toEqual([])
  })

  test('show every metric of the service on the dashboard', () => {
    const shown = new Set([...queries, ...variables].flatMap(metricsOf))
    const ours = [...names].filter((name) => name.startsWith('wxh5_'))
    expect(ours.filter((name) => !shown.has(name))).toEqual([])
  })
})

describe('the alert rules', () => {
  test.each(rules.map((rule): [string, Rule] => [rule.alert, rule]))(
    '%s says what is wrong and what to do, in both languages',
    (_, { labels, annotations }) => {
      expect(['critical', 'warning']).toContain(labels.severity)
      for (const text of [annotations.summary, annotations.action]) {
        expect(text).toMatch(/^\S.{10,}\.$/)
        expect(text).not.toMatch(/[\u4e00-\u9fff]/)
      }
      for (const text of [annotations.summary_zh, annotations.action_zh])
        expect(text).toMatch(/[\u4e00-\u9fff].*。$/)
    },
  )

  test('have names of their own', () => {
    const names = rules.map(({ alert }) => alert)
    expect(new Set(names).size).toBe(names.length)
  })

  test('name errcodes that the service explains, and each failing credential has its alert', () => {
    const matchers = rules.flatMap(({ expr }) => [...expr.matchAll(/errcode=~?"([\d|]+)"/g)])
    const errcodes = matchers.flatMap(([, codes = '']) => codes.split('|').map(Number))
    expect(errcodes).toEqual(expect.arrayContaining([40001, 40013, 40125, 40164, 40243, 45009, 48004]))
    for (const errcode of errcodes) expect([errcode, explainErrcode(errcode).name]).not.toContain('unknown')
    const others = /errcode!~"([\d|]+)"/.exec(
      rules.find(({ alert }) => alert === 'WxH5RefreshFailing')?.expr ?? '',
    )
    expect(others?.[1]?.split('|').map(Number).sort()).toEqual([...new Set(errcodes)].sort())
  })

  test('have the job name of scrape.yml', () => {
    const scrape: { scrape_configs: { job_name: string }[] } = parse(read('ops/prometheus/scrape.yml'))
    const jobs = [...rules.map(({ expr }) => expr), ...queries].flatMap((expr) =>
      [...expr.matchAll(/job="([^"]*)"/g)].map(([, job]) => job),
    )
    expect(new Set(jobs)).toEqual(new Set([scrape.scrape_configs[0]?.job_name]))
  })

  test.each(['docs/operations.md', 'docs/operations.zh-CN.md'])('are all explained in %s', (name) => {
    const spans = new Set(codeSpans(read(name)))
    for (const { alert } of rules) expect(spans).toContain(alert)
    for (const span of spans) {
      if (span.startsWith('WxH5')) expect(rules.map(({ alert }) => alert)).toContain(span)
    }
    expect(headings(read(name)).map(({ text }) => anchor(text)).length).toBeGreaterThan(5)
  })

  test.skipIf(!promtool)('are accepted by promtool, and fire when they should', () => {
    const run = (...args: string[]) => spawnSync('promtool', args, { cwd: root, encoding: 'utf8' })
    const checked = run('check', 'rules', 'ops/prometheus/alerts.yml')
    expect(checked.stdout + checked.stderr).toContain(`SUCCESS: ${rules.length} rules found`)
    const config = run('check', 'config', 'ops/prometheus/scrape.yml')
    expect([config.status, config.stdout + config.stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
    const tested = run('test', 'rules', 'test/package/ops/alerts.promtool.yml')
    expect([tested.status, tested.stdout + tested.stderr]).toEqual([0, expect.stringContaining('SUCCESS')])
  })
})

describe('the dashboard', () => {
  test('can be imported: a schema, a data source to choose, variables, panels with ids of their own', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36)
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['app_id', 'query'],
      ['instance', 'query'],
    ])
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const chosen = { type: 'prometheus', uid: expect.stringMatching(/^\$\{datasource\}$/) }
    for (const { type, datasource, targets = [] } of dashboard.panels) {
      if (type === 'row') continue
      expect(datasource).toEqual(chosen)
      expect(targets.length).toBeGreaterThan(0)
      for (const target of targets) expect(target.datasource).toEqual(chosen)
    }
  })

  test('has no panel over another, and titles in both languages', () => {
    const cells = new Set<string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(title).toMatch(/^\S.* · .*[\u4e00-\u9fff p95]/)
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, cells.has(`${x} ${y}`)]).toEqual([title, false])
          cells.add(`${x} ${y}`)
        }
      }
    }
  })

  test('uses only variables that it has', () => {
    const known = new Set([...dashboard.templating.list.map(({ name }) => name), '__rate_interval'])
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)\}?/g)].map(([, name]) => name)
    for (const name of used) expect([...known, '__all']).toContain(name)
  })

  test.skipIf(!promtool)('asks in expressions that Prometheus can read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wx-h5-'))
    const file = join(folder, 'queries.yml')
    const expressions = queries.map((expr) => expr.replaceAll('$__rate_interval', '5m'))
    const recorded = expressions.map((expr, at) => ({ record: `query_${at}`, expr }))
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: recorded }] }))
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect([status, stdout + stderr]).toEqual([
      0,
      expect.stringContaining(`SUCCESS: ${queries.length} rules`),
    ])
  })
})
