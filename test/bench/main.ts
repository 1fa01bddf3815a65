import { execFileSync, spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { measureClientSize } from './client-size.ts'
import { measureColdStorm } from './cold-storm.ts'
import { startFakeWechat } from './fake-wechat.ts'
import { hono, honoWithMiddleware, plain, service, wechatJssdk } from './plans.ts'
import { missedGoals } from './report.ts'
import { measureSlowSenders } from './slow-senders.ts'
import { measureStartUp } from './start-up.ts'
import { startTarget } from './target.ts'
import { measureThroughput } from './throughput.ts'

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ratios travel, absolute figures do not`,
)
execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' })

const wechat = await startFakeWechat()
await measureStartUp(wechat)

const peerPlan = wechatJssdk(wechat.url)
if (peerPlan === undefined)
  console.log('wechat-jssdk could not be installed; the rest is measured without it')
const field = {
  plain: await startTarget(plain),
  ours: await startTarget(service('wx-h5-kit, everything on', wechat.url)),
  manyAccounts: await startTarget(service('wx-h5-kit, one of 10,000 accounts', wechat.url, 10_000)),
  manyAsked: await startTarget(service('wx-h5-kit, a hundred of 10,000', wechat.url, 10_000, 100)),
  peer: peerPlan === undefined ? undefined : await startTarget(peerPlan),
  others: [await startTarget(hono), await startTarget(honoWithMiddleware)],
}
// The load is on the other core, where there is one.
spawnSync('taskset', ['-a', '-cp', '1', String(process.pid)])
await measureThroughput(field)
const { others, peer, ...own } = field
await Promise.all([...Object.values(own), ...others].map(({ stop }) => stop()))
await peer?.stop()

await measureColdStorm()
await measureSlowSenders(service('wx-h5-kit among slow senders', wechat.url))
measureClientSize()
console.log(`\n${missedGoals() === 0 ? 'All goals are reached.' : `${missedGoals()} goals are missed.`}`)
process.exit(0)
