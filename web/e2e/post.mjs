// A mail server on the loopback that keeps what it takes: as much of SMTP (RFC 5321) as
// a sender needs, and the parts of a mail (RFC 2046).

import { createServer } from 'node:net'

/** Starts it: its address, the mails it took, and how to end it. */
export async function post() {
  const mails = []
  const server = createServer((socket) => serve(socket, mails))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${server.address().port}`, mails, stop: () => new Promise((resolve) => server.close(resolve)) }
}

function serve(socket, mails) {
  socket.setEncoding('latin1')
  const say = (line) => socket.write(line + '\r\n')
  let buffer = ''
  let mail = { to: [] }
  let inData = false
  const verb = (line) => {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return say('250-post\r\n250 8BITMIME')
      case 'MAIL':
        mail = { to: [], from: /<([^>]*)>/.exec(line)?.[1] }
        return say('250 ok')
      case 'RCPT':
        mail.to.push(/<([^>]*)>/.exec(line)?.[1])
        return say('250 ok')
      case 'DATA':
        inData = true
        return say('354 go on')
      case 'QUIT':
        say('221 bye')
        return socket.end()
      case 'HELO':
      case 'RSET':
      case 'NOOP':
        return say('250 ok')
      default:
        return say('502 not here')
    }
  }
  socket.on('error', () => {})
  socket.on('data', (more) => {
    buffer += more
    for (;;) {
      const end = buffer.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const part = buffer.slice(0, end)
      buffer = buffer.slice(end + (inData ? 5 : 2))
      if (!inData) {
        verb(part)
        continue
      }
      inData = false
      mails.push({ ...mail, ...read(part.replace(/^\.\./gm, '.')) })
      say('250 taken')
    }
  })
  say('220 post')
}

/** Subject, Message-ID and attached files of a mail. */
function read(raw) {
  const { head, body } = split(raw)
  const boundary = /boundary="?([^";\r\n]+)"?/i.exec(head)?.[1]
  const files = {}
  for (const piece of boundary ? body.split('--' + boundary).slice(1, -1) : []) {
    const part = split(piece.replace(/^\r\n/, ''))
    const name = /filename="?([^";\r\n]+)"?/i.exec(part.head)?.[1]
    if (name) files[name] = Buffer.from(part.body, 'base64')
  }
  return { subject: words(header(head, 'Subject')), id: header(head, 'Message-ID'), files }
}

function split(raw) {
  const at = raw.indexOf('\r\n\r\n')
  return { head: raw.slice(0, at).replace(/\r\n[ \t]+/g, ' '), body: raw.slice(at + 4) }
}

const header = (head, name) => new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(head)?.[1].trim() ?? ''

/** =?utf-8?b?...?= and =?utf-8?q?...?= as text (RFC 2047). */
const words = (s) =>
  s
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, text) =>
      kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : Buffer.from(text.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/gi, (_, x) => String.fromCharCode(parseInt(x, 16))), 'latin1').toString(),
    )
