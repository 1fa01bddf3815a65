import type { NativeApi } from './api.ts'

/** editAddress: one of the person's addresses, under the names WeChat gives the fields. */
export const editAddress: NativeApi = async (_args, { ui }) => {
  const address = await ui.address()
  if (address === 'deny') return { status: 'access_denied' }
  if (typeof address === 'string') return { status: address }
  return {
    status: 'ok',
    fields: {
      userName: address.userName,
      telNumber: address.telNumber,
      addressPostalCode: address.postalCode,
      proviceFirstStageName: address.provinceName,
      addressCitySecondStageName: address.cityName,
      addressCountiesThirdStageName: address.countyName,
      addressDetailInfo: address.detailInfo,
      nationalCode: address.nationalCode ?? address.postalCode,
    },
  }
}
