import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Access, Principal } from '../access/access.ts'
import { ServiceError } from '../errors.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { envelopeError, envelopeReply } from '../http/legacy-envelope.ts'
import { readFields } from '../http/read-fields.ts'
import type { Reply } from '../http/reply.ts'
import type { Viewer } from '../people/add-user.ts'
import type { People } from '../people/people.ts'
import { normalizePhone } from '../people/phone.ts'
import { fanAnswer, userAnswer } from './answers.ts'
import { wechatId } from './fan-row.ts'
import { describeFans } from './openapi.ts'
import { readFans, readFansRequest } from './read-fans.ts'

export interface FansParts {
  readonly access: Pick<Access, 'require'>
  readonly people: Pick<People, 'addFans' | 'addUser' | 'findFan'>
  /** Every configured account. */
  readonly appIds: ReadonlySet<string>
  /** Which account a port belongs to. */
  readonly ports: ReadonlyMap<number, string>
}

const userFields = z.object({
  unionId: wechatId,
  phone: z.coerce.string().max(40).optional().describe('Mainland China, or any country with its `+`'),
})

const fanQuery = z.object({
  userId: z.string().describe('18 digits'),
  portId: z.string().describe('One of accounts[].portIds'),
})

/** Mounts fans and unified users: `addFans`, `getFans`, `addUser` below `/wx/api/fans` and `/mpwechat/wx/api/fans`. */
export function mountFans(app: OpenAPIHono, endpoint: Endpoint, parts: FansParts): void {
  const { access, people, appIds, ports } = parts
  const options = { renderError: envelopeError }

  async function addFans(context: Context): Promise<Reply> {
    // Before the body is read: strangers must not make us read megabytes.
    await access.require(context, 'people:write')
    const request = await readFansRequest(context)
    await access.require(context, 'people:write', request.appId)
    if (!appIds.has(request.appId)) throw unknownAccount()
    await people.addFans(request.appId, readFans(request.fans, request.appId))
    return envelopeReply(true)
  }

  async function getFans(context: Context): Promise<Reply> {
    const principal = await access.require(context, 'people:read')
    const userId = oneDigits(context, 'userId')
    const portId = Number(oneDigits(context, 'portId'))
    const appId = ports.get(portId)
    if (appId === undefined || !principal.mayUse(appId)) throw fanUnknown()
    const fan = await people.findFan(userId, appId)
    if (fan === undefined) throw fanUnknown()
    return envelopeReply(fanAnswer(fan, portId))
  }

  async function addUser(context: Context): Promise<Reply> {
    const principal = await access.require(context, 'people:write')
    const fields = await readFields(context, userFields)
    const phone = readPhone(fields.phone)
    const user = await people.addUser(
      { unionId: fields.unionId, ...(phone === undefined ? {} : { phone }) },
      viewerOf(principal, appIds),
    )
    return envelopeReply(userAnswer(user, principal.scopes.has('people:phone')))
  }

  for (const prefix of ['/wx/api/fans', '/mpwechat/wx/api/fans']) {
    app.put(`${prefix}/addFans`, endpoint(`${prefix}/addFans`, addFans, options))
    app.get(`${prefix}/getFans`, endpoint(`${prefix}/getFans`, getFans, options))
    app.put(`${prefix}/addUser`, endpoint(`${prefix}/addUser`, addUser, options))
  }
  describeFans(app, userFields, fanQuery)
}

function viewerOf(principal: Principal, appIds: ReadonlySet<string>): Viewer {
  return {
    clientId: principal.clientId,
    mayUse: (appId) => principal.mayUse(appId),
    mayUseAll: [...appIds].every((appId) => principal.mayUse(appId)),
  }
}

function oneDigits(context: Context, name: string): string {
  const [value, ...others] = context.req.queries(name) ?? []
  if (value !== undefined && others.length === 0 && /^\d{1,20}$/.test(value)) return value
  throw new ServiceError('invalid_request', `"${name}": must be given once, 1 to 20 digits.`, {
    hint: 'Ask with ?userId=…&portId=…; a userId that went through a browser as a number has lost digits. userId 请按字符串传递，以免丢失精度。',
  })
}

function readPhone(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  const phone = normalizePhone(text)
  if (phone !== undefined) return phone
  throw new ServiceError('invalid_request', '"phone": must be a phone number.', {
    hint: 'Eleven digits for mainland China, any other country with + and its code. 请提供 11 位手机号，其他国家请带 + 和国家代码。',
  })
}

function unknownAccount(): ServiceError {
  return new ServiceError('unknown_account', 'No account with this "appId" is configured.', {
    hint: 'Compare "appId" with accounts[].appId of the service. 请核对 appId 与服务端配置。',
  })
}

function fanUnknown(): ServiceError {
  return new ServiceError('fan_unknown', 'This user is no fan in the account of this port.', {
    hint: 'Check userId and portId, and which accounts this client may use. 请检查 userId、portId 以及此客户端可用的公众号。',
  })
}
