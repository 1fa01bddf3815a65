import express from 'express'
import { Wechat } from 'wechat-jssdk'

// As its README shows, store included; only the addresses of WeChat are ours, through its own options.
const wx = new Wechat({
  appId: 'wx0000000000000000',
  appSecret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  wechatToken: 'token',
  accessTokenUrl: `${process.env.WECHAT}/cgi-bin/token`,
  ticketUrl: `${process.env.WECHAT}/cgi-bin/ticket/getticket`,
})

const app = express()
app.get('/get-signature', (request, response) => {
  wx.jssdk.getSignature(request.query.url).then((signature) => {
    response.json(signature)
  })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
