// Files on their way: chosen, uploaded, sent. What is kept in a draft is an ID and a
// name (Pending); the bytes stay with the page until they were uploaded, so a file
// that was not has to be chosen again after a reload. The server decides what a
// file is; here is only what needs no server to be told.

import { call, fileURL, Refusal, speaking } from './api'
import { newID } from './ident'
import type { Attach, Attachment } from './types'

export const maxBytes = 20 * 1024 * 1024
export const atOnce = 10
export const accept = 'image/jpeg,image/png,image/webp,image/gif,application/pdf'

/** A file that is to be sent with what one writes. */
export interface Pending {
  id: string
  name: string
  size: number
  /** what the server found it to be; empty until it was uploaded */
  kind: string
}

/** Why a file is not taken, as far as the page can see. */
export type Wrong = 'too_large' | 'empty' | 'too_many'

const chosen = new Map<string, File>()
const running = new Map<string, Promise<Attachment>>()

/** The file itself, while this page has it. */
export const fileOf = (id: string): File | undefined => chosen.get(id)

export const isPicture = (kind: string): boolean => kind !== '' && kind !== 'pdf'

/** Adds files to a list; gives those that are wrong by name. */
export function choose(list: readonly Pending[], files: Iterable<File>): { list: Pending[]; wrong: { name: string; why: Wrong }[] } {
  const next = [...list]
  const wrong: { name: string; why: Wrong }[] = []
  for (const f of files) {
    const why: Wrong | undefined = f.size > maxBytes ? 'too_large' : f.size === 0 ? 'empty' : next.length >= atOnce ? 'too_many' : undefined
    if (why) {
      wrong.push({ name: f.name, why })
      continue
    }
    const id = newID()
    chosen.set(id, f)
    next.push({ id, name: f.name, size: f.size, kind: '' })
  }
  return { list: next, wrong }
}

/** Uploads a file, once however often it is asked for; tell hears the part that is done. */
export function upload(order: string, p: Pending, tell: (part: number) => void = () => {}): Promise<Attachment> {
  const begun = running.get(p.id)
  if (begun) return begun
  const file = chosen.get(p.id)
  if (!file) return Promise.reject(new Refusal(410, 'gone', p.name, '', []))
  const done = put(fileURL(order, p.id), file, tell).finally(() => running.delete(p.id))
  running.set(p.id, done)
  return done
}

/** Uploads a file to a place of its own, with its name: in a header, for an address stands in logs. */
export const putNamed = <T = Attachment>(path: string, file: File, tell: (part: number) => void = () => {}): Promise<T> =>
  put('/api/v1' + path, file, tell, "attachment; filename*=UTF-8''" + encodeURIComponent(file.name).replace(/['()*]/g, (c) => '%' + c.charCodeAt(0).toString(16))) as Promise<T>

// fetch can't tell how much of a body has gone out.
function put(url: string, file: File, tell: (part: number) => void, disposition = ''): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const x = new XMLHttpRequest()
    x.open('PUT', url)
    x.setRequestHeader('Accept-Language', speaking())
    x.setRequestHeader('Content-Type', 'application/octet-stream')
    if (disposition) x.setRequestHeader('Content-Disposition', disposition)
    x.responseType = 'json'
    x.upload.onprogress = (e) => e.lengthComputable && tell(e.loaded / e.total)
    x.onload = () => {
      const b = x.response as (Attachment & { code?: string; detail?: string; request_id?: string }) | null
      if (x.status >= 200 && x.status < 300 && b) resolve(b)
      else reject(new Refusal(x.status, b?.code ?? '', b?.detail ?? String(x.status), b?.request_id ?? '', []))
    }
    x.onerror = x.onabort = x.ontimeout = () => reject(new Refusal(0, '', '', '', []))
    x.send(file)
  })
}

/** Uploads what was not, one after the other, and gives what the verb names. */
export async function settle(order: string, list: readonly Pending[], took: (p: Pending) => void, tell: (id: string, part: number) => void = () => {}): Promise<Attach[]> {
  for (const p of list) {
    if (p.kind) continue
    const a = await upload(order, p, (part) => tell(p.id, part)).catch((err: unknown) => {
      throw err instanceof Refusal && err.status >= 400 ? at(p, err) : err
    })
    took({ ...p, kind: a.kind })
  }
  return list.map(({ id, name }) => ({ id, name }))
}

/** A refusal of one file, at the field of files. */
function at(p: Pending, err: Refusal): Refusal {
  const message = err.message === p.name ? p.name : `${p.name}: ${err.message}`
  return new Refusal(err.status, err.code, message, err.request, [{ field: 'attachments', message }])
}

/** Takes a file back that was not sent. Where the server can't be told, it goes by itself. */
export function takeBack(order: string, p: Pending): void {
  chosen.delete(p.id)
  if (p.kind) call('DELETE', `/orders/${encodeURIComponent(order)}/attachments/${encodeURIComponent(p.id)}`).catch(() => {})
}

/** "2.4 MB" or "310 KB". */
export const weight = (bytes: number): string =>
  bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`
