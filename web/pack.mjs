// Packs the built files once and well (brotli, a fifth smaller than gzip); the server
// gives them to browsers that take them. Small files are not worth it.
//
//   node pack.mjs DIRECTORY...
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

for (const dir of process.argv.slice(2)) {
  for (const name of readdirSync(dir, { recursive: true })) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const plain = readFileSync(join(dir, name))
    if (plain.length < 1024) continue
    const packed = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } })
    writeFileSync(join(dir, name + '.br'), packed)
  }
}
