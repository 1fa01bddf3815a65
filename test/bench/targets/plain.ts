import { createServer } from 'node:http'
import { sign } from './sign.ts'

// The measure: node:http that reads a JSON body and does the hash.
createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => {
    body += chunk
  })
  request.on('end', () => {
    const answer = JSON.stringify(sign(JSON.parse(body).url))
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    })
    response.end(answer)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
