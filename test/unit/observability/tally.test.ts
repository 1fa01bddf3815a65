import { expect, test } from 'vitest'
import { createMetrics } from '../../../server/observability/metrics.ts'

test('requests and signatures are counted on from one look to the next', async () => {
  const metrics = createMetrics(() => [])
  const answered = (status: number, code?: string) =>
    metrics.request({
      requestId: 'r',
      method: 'POST',
      route: '/v1/jsapi/signature',
      status,
      durationMs: 1,
      ...(code === undefined ? {} : { code }),
    })
  const counted = async () =>
    (await metrics.registry.metrics()).split('\n').filter((line) => /^wxh5_\w+_total\{.*\} [1-9]/.test(line))
  answered(200)
  answered(200)
  answered(403, 'origin_not_allowed')
  const pages = metrics.signatures('wx0123456789abcdef', 'jsapi')
  pages.add()
  const first = [
    'wxh5_http_requests_total{route="/v1/jsapi/signature",status="200",code=""} 2',
    'wxh5_http_requests_total{route="/v1/jsapi/signature",status="403",code="origin_not_allowed"} 1',
    'wxh5_signatures_total{app_id="wx0123456789abcdef",kind="jsapi"} 1',
  ]
  expect(await counted()).toEqual(first)
  expect(await counted()).toEqual(first)
  answered(200)
  pages.add()
  metrics.signatures('wx0123456789abcdef', 'card').add()
  expect(await counted()).toEqual([
    'wxh5_http_requests_total{route="/v1/jsapi/signature",status="200",code=""} 3',
    'wxh5_http_requests_total{route="/v1/jsapi/signature",status="403",code="origin_not_allowed"} 1',
    'wxh5_signatures_total{app_id="wx0123456789abcdef",kind="jsapi"} 2',
    'wxh5_signatures_total{app_id="wx0123456789abcdef",kind="card"} 1',
  ])
})
