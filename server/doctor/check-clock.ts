import { type Finding, failed, passed, skipped, warning } from './step.ts'

/** The `Date` header has whole seconds, and the answer was on its way. */
const NOISE_S = 10
/** The leeway that tokens are verified with, and the difference that readiness reports. */
const LEEWAY_S = 60

const fix =
  'Let the machine take its time from the network (chrony, systemd-timesyncd); a container has the clock of its host.'
const fixZh = '请开启时间同步（chrony、systemd-timesyncd）；容器使用宿主机的时钟。'

/** Whether the clock of this machine agrees with WeChat's: up to 10 s passes, up to 60 s warns. */
export function checkClock(clockAheadMs: number | undefined): Finding {
  if (clockAheadMs === undefined) return skipped('No answer of WeChat said what time it is.')
  const aheadS = Math.round(clockAheadMs / 1_000)
  const offS = Math.abs(aheadS)
  const detail = `The clock of this machine is ${offS} s ${aheadS < 0 ? 'behind' : 'ahead of'} WeChat's.`
  if (offS <= NOISE_S) return passed("The clock of this machine agrees with WeChat's.")
  if (offS <= LEEWAY_S) return warning(detail, fix, fixZh)
  return failed(
    `${detail} Signatures carry a wrong timestamp, and service tokens are refused by other machines.`,
    fix,
    `本机时钟与微信相差 ${offS} 秒，签名时间戳会出错。${fixZh}`,
  )
}
