import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

// The floor: a plain server that reads the form and does only the hash.
const ticket = 'x'.repeat(86)

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => {
    const url = new URLSearchParams(body).get('url') ?? ''
    const nonceStr = randomBytes(8).toString('hex')
    const timestamp = Math.floor(Date.now() / 1000)
    const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`
    const signature = createHash('sha1').update(text).digest('hex')
    const answer = JSON.stringify({ timestamp, nonceStr, signature, url })
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    })
    response.end(answer)
  })
}).listen(0, '127.0.0.1', function ready(this: { address(): unknown }) {
  process.send?.(this.address())
})
