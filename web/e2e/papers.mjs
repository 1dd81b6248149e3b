// What is in the files of a report, read without the program: the rows of a CSV, the
// cells of an XLSX, the words of a PDF.

import { execFileSync } from 'node:child_process'
import { inflateRawSync } from 'node:zlib'

/** The rows of a CSV (RFC 4180) with its mark of UTF-8. */
export function csv(bytes) {
  const text = bytes.toString('utf8')
  if (text[0] !== '\ufeff') throw new Error('no mark of UTF-8')
  const rows = [[]]
  for (const [, quoted, plain, end] of text.slice(1).matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1).push(quoted === undefined ? plain : quoted.replace(/""/g, '"'))
    if (end === '\r\n') rows.push([])
    if (end === '') break
  }
  return rows
}

/** The files of a ZIP, by its central directory. */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('no ZIP')
  const files = {}
  let at = bytes.readUInt32LE(end + 16)
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [method, size, name, extra, comment, local] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), ...[28, 30, 32].map((x) => bytes.readUInt16LE(at + x)), bytes.readUInt32LE(at + 42)]
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(from, from + size)
    files[bytes.toString('utf8', at + 46, at + 46 + name)] = (method === 8 ? inflateRawSync(data) : data).toString('utf8')
    at += 46 + name + extra + comment
  }
  return files
}

const plain = (xml) => xml.replace(/<[^>]*>/g, '').replace(/&(lt|gt|amp|quot|apos|#\d+);/g, (_, x) => ({ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" })[x] ?? String.fromCodePoint(+x.slice(1)))

/** The rows of all sheets of a workbook. */
export function xlsx(bytes) {
  const files = unzip(bytes)
  if (!files['[Content_Types].xml'] || !files['xl/workbook.xml']) throw new Error('no workbook')
  const shared = [...(files['xl/sharedStrings.xml'] ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map((m) => plain(m[1]))
  return Object.keys(files)
    .filter((name) => name.startsWith('xl/worksheets/sheet'))
    .sort()
    .flatMap((name) => [...files[name].matchAll(/<row[^>]*>(.*?)<\/row>/gs)])
    .map(([, row]) => [...row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, how, cell = '']) => (/t="s"/.test(how) ? shared[+plain(cell)] : plain(cell))))
}

/** The words of a PDF, where this machine can read them; undefined where not. */
export function pdf(bytes) {
  if (!bytes.subarray(0, 8).toString('latin1').startsWith('%PDF-1.') || !bytes.subarray(-16).toString('latin1').includes('%%EOF')) throw new Error('no PDF')
  try {
    return execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, stdio: ['pipe', 'pipe', 'ignore'] }).toString()
  } catch (e) {
    if (e.code === 'ENOENT') return undefined
    throw e
  }
}

/** The row of a figure by its code. */
export const rowOf = (rows, code) => rows.find((r) => r[0] === code)
