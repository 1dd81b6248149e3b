// Fails when the portal's first load (index.html and all it names) exceeds 30 KB gz.
// req: B8 first load; SCREENS.md "First load under 30 KB gz"
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const dir = new URL('./portal/dist/', import.meta.url)
const limit = 30 * 1024
const page = readFileSync(new URL('index.html', dir))
const names = [...page.toString().matchAll(/<(?:script|link)[^>]*(?:src|href)="\/([^"]+)"/g)].map((m) => m[1])
let sum = gzipSync(page).length
for (const name of names) sum += gzipSync(readFileSync(new URL(name, dir))).length
console.log(`portal first load ${(sum / 1024).toFixed(1)} KB gz of ${limit / 1024} KB (index.html, ${names.join(', ')})`)
if (sum > limit) process.exit(1)
