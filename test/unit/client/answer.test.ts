import { describe, expect, it } from 'vitest'
import { errMsgOf, refusal } from '../../../client/answer.ts'
import { createFakePage } from './fake-page.ts'

describe('errMsgOf', () => {
  it.each([
    ['pre_verify_jsapi:ok', 'config:ok'],
    ['pre_verify_jsapi:fail', 'config:fail'],
    ['pre_verify_jsapi:fail_invalid signature', 'config:invalid signature'],
    ['pre_verify_jsapi:fail_invalid url domain', 'config:invalid url domain'],
    ['pre_verify_jsapi:fail_invalid_args', 'config:invalid args'],
    ['checkJsApi:param is empty', 'config:param is empty'],
    ['system:access_denied', 'config:permission denied'],
    ['system:function_not_exist', 'config:ok'],
    ['', 'config:ok'],
  ])('reads the verdict %j as %j', (said, errMsg) => {
    expect(errMsgOf('config', { err_msg: said })).toBe(errMsg)
  })

  it('takes no answer at all for a yes, as the SDK does', () => {
    expect(errMsgOf('config', undefined)).toBe('config:ok')
    expect(errMsgOf('config', {})).toBe('config:ok')
  })

  it('passes an errMsg through unchanged', () => {
    const errMsg = 'config:fail,Error: 系统错误，错误码：63002,invalid signature [20191204 15:50:27][]'
    expect(errMsgOf('config', { errMsg })).toBe(errMsg)
  })

  it.each([
    'get_local_img_data:ok',
    'get_local_img_data:fail',
    'get_local_img_data:fail_no such image',
    'system:access_denied',
    'system:function_not_exist',
    'get_local_img_data:the permission value is offline verifying',
    'getLocalImgData:cancel',
  ])('says of %j what the SDK says of any API', async (said) => {
    const { wx } = createFakePage({ native: { stopRecord: () => ({ err_msg: said }) } })
    const answer = await new Promise<{ errMsg: string }>((complete) => wx.stopRecord?.({ complete }))
    expect(errMsgOf('stopRecord', { err_msg: said })).toBe(answer.errMsg)
  })
})

describe('refusal', () => {
  it.each([
    ['config:invalid signature', 'invalid_signature'],
    [
      'config:fail,Error: 系统错误，错误码：63002,invalid signature [20191204 15:50:27][]',
      'invalid_signature',
    ],
    [
      'config:fail,Error: System error, error code:63002,invalid signature [20200205 18:43:18][]',
      'invalid_signature',
    ],
    ['config:fail,Error: invalid signature', 'invalid_signature'],
    ['config:fail,invalid signature', 'invalid_signature'],
    ['config:invalid url domain', 'url_domain_not_bound'],
    ['config:fail,Error: invalid url domain', 'url_domain_not_bound'],
    ['config:fail,Error: AppID 不合法', 'invalid_config'],
    ['config:fail', 'invalid_config'],
    ['config:failed', 'invalid_config'],
    ['config:invalid args', 'invalid_config'],
    ['config:param is empty', 'invalid_config'],
    ['config:permission denied', 'permission_denied'],
    ['config:require subscribe', 'require_subscribe'],
    ['scanQRCode:the permission value is offline verifying', 'not_verified'],
    ['geoLocation:fail, the permission value is offline verifying', 'not_verified'],
    ['scanQRCode:permission denied', 'permission_denied'],
    ['shareWechatMessage:fail_nopermission', 'permission_denied'],
    ['getLocation:fail auth deny', 'permission_denied'],
    ['scanQRCode:function not exist', 'not_supported'],
    ['chooseImage:cancel', 'cancelled'],
    ['chooseImage:fail cancel', 'cancelled'],
    ['uploadImage:fail', 'failed'],
    ['uploadImage:missing arguments', 'failed'],
  ])('explains %j as %s', (errMsg, code) => {
    const error = refusal('call', errMsg)
    expect(error).toMatchObject({ code, errMsg })
    expect(error.message).toContain(errMsg)
  })

  it('keeps the address WeChat says it verified', () => {
    const error = refusal('config', 'config:invalid signature', {
      realAuthUrl: 'https://h5.example.com/landing',
    })
    expect(error.realAuthUrl).toBe('https://h5.example.com/landing')
  })
})
