import type { Command } from 'commander'
import { type Explained, type Explanation, explain } from '../explain/explain.ts'
import type { RetryClass } from '../wechat/errcode-row.ts'
import { FAILED, OK } from './exit-codes.ts'
import { print, printJson } from './output.ts'
import { createStyle, type Style } from './style.ts'

/** Adds `wx-h5 explain`: what an errcode, an errMsg, an answer of WeChat or one of our codes means. */
export function addExplainCommand(program: Command, finish: (exitCode: number) => void): void {
  program
    .command('explain')
    .description('say what an errcode, an errMsg or a code means, and what to do')
    .argument('<text...>', 'a number, or whatever WeChat, the page or the service said')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples)
    .action((text: readonly string[], { json }: { json?: true }) => {
      const explained = explain(text.join(' '))
      if (json) printJson(documentOf(explained))
      else print(...describe(explained, createStyle(process.stdout, process.env)))
      finish(explained.explanations.length > 0 ? OK : FAILED)
    })
}

const examples = `
Examples:
  wx-h5 explain 40164
  wx-h5 explain 'config:invalid signature'
  wx-h5 explain '{"errcode":40001,"errmsg":"invalid credential rid: 6aac005a-01bfdbee-79769285"}'
  wx-h5 explain origin_not_allowed

Nothing is sent anywhere. Exit codes: 0 explained, 1 nothing known about it, 2 a mistake in the command line.`

function documentOf({ explanations, rid, nearest }: Explained): object {
  return {
    ok: explanations.length > 0,
    explanations,
    ...(rid === undefined ? {} : { rid: rid.value, answeredAt: new Date(rid.at).toISOString() }),
    ...(nearest.length === 0 ? {} : { nearest }),
  }
}

function describe({ explanations, rid, nearest }: Explained, style: Style): string[] {
  return [
    ...explanations.flatMap((explanation) => [
      `${style.bold(explanation.subject)}${titleOf(explanation)}`,
      ...explanation.causes.flatMap(({ en, zh }) => [`  - ${en}`, `    ${zh}`]),
    ]),
    ...(explanations.length > 0 ? [] : nothingKnown(nearest)),
    ...(rid === undefined ? [] : [`rid ${rid.value}: WeChat answered at ${moment(rid.at)}`]),
  ]
}

function titleOf({ kind, subject, name, retry, status }: Explanation): string {
  if (retry !== undefined) return ` ${name}: an errcode of WeChat; ${retries[retry]}`
  if (kind === 'page') return ': what WeChat says in a page'
  return status === undefined
    ? ': a code of the browser package'
    : `: a code of the service, HTTP ${status}${subject.startsWith('wechat') ? ' (the errcode says more)' : ''}`
}

const retries: Record<RetryClass, string> = {
  never: 'trying again does not help until something is changed',
  refresh_token: 'the service tries once more with a new access_token',
  backoff: 'the service tries again by itself',
  later: 'possible again when the quota is',
}

function nothingKnown(nearest: readonly string[]): string[] {
  const known = nearest.length === 0 ? '' : ` Known and alike: ${nearest.join(', ')}.`
  return [
    `Nothing is known about this.${known}`,
    `没有相关说明。${nearest.length === 0 ? '' : `相近的有：${nearest.join('、')}。`}可在微信官方的全局返回码文档中查询。`,
  ]
}

/** UTC, and the time of day in China, where the logs of WeChat are written. */
function moment(at: number): string {
  const china = new Date(at + 8 * 3_600_000).toISOString()
  return `${new Date(at).toISOString().replace('.000Z', 'Z')} (${china.slice(0, 10)} ${china.slice(11, 19)} in China)`
}
