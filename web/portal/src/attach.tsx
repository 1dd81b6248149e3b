// Adding files, fetched when a form that takes some is shown: choose or photograph,
// see what became of each, take one away. (B5.2.1, B5.2.2)

import { useEffect, useState } from 'preact/hooks'
import { fileURL, Refusal } from '../../shared/api'
import { accept, atOnce, choose, fileOf, isPicture, maxBytes, settle, takeBack, upload, weight, type Pending } from '../../shared/upload'
import { reader, type Triple } from '../../shared/lang'
import { told, useApp, useSay } from './app'
import type { FilesProps } from './files'

export { settle }

const rows = {
  add: ['添加图片或 PDF', '加入圖片或 PDF', 'Add pictures or PDF'],
  hint: [
    '合同、工资条、聊天截图等，也可以现在拍照。最多 {n} 个，每个最大 {mb} MB。照片里可能带有拍摄地点，会一起保存，律师能看到。',
    '合同、糧單、對話截圖等，亦可即時拍照。最多 {n} 個，每個最大 {mb} MB。照片可能帶有拍攝地點，會一併保存，律師可以看到。',
    'A contract, a payslip, screenshots; you can take a photo now. At most {n}, {mb} MB each. A photo may hold the place where it was taken; that is kept with it, and the lawyer can see it.',
  ],
  list: ['要发送的文件', '要傳送的檔案', 'Files to send'],
  up: ['正在上传', '正在上載', 'Uploading'],
  done: ['已上传', '已上載', 'Uploaded'],
  waits: ['您登录以后上传', '您登入後上載', 'Uploaded once you are signed in'],
  lost: ['这个文件没有上传完，请移除后重新选择。', '此檔案未上載完成，請移除後重新選擇。', 'This file was not uploaded. Please remove it and choose it again.'],
  gone: ['这个文件已经过期，请移除后重新添加。', '此檔案已過期，請移除後重新加入。', 'This file has expired. Please remove it and add it again.'],
  remove: ['移除', '移除', 'Remove'],
  again: ['再传一次', '再上載一次', 'Upload again'],
  too_large: ['{name}：太大了，最大 {mb} MB。', '{name}：太大，最大 {mb} MB。', '{name}: too large, at most {mb} MB.'],
  empty: ['{name}：文件是空的。', '{name}：檔案是空的。', '{name}: the file is empty.'],
  too_many: ['{name}：一次最多 {n} 个。', '{name}：一次最多 {n} 個。', '{name}: at most {n} at once.'],
} satisfies Record<string, Triple>
const speakIn = reader(rows)

export function Attach({ order, list, put, ready, error }: FilesProps) {
  const say = useSay()
  const t = speakIn(useApp().lang)
  const limits = { n: atOnce, mb: maxBytes >> 20 }
  const [wrong, setWrong] = useState<string[]>([])
  const [parts, setParts] = useState<Record<string, number>>({})
  const [failed, setFailed] = useState<Record<string, unknown>>({})

  const send = (p: Pending) => {
    setFailed(({ [p.id]: _, ...rest }) => rest)
    upload(order, p, (part) => setParts((old) => ({ ...old, [p.id]: part }))).then(
      (a) => put((old) => old.map((x) => (x.id === p.id ? { ...x, kind: a.kind } : x))),
      (err: unknown) => setFailed((old) => ({ ...old, [p.id]: err })),
    )
  }
  const waiting = list.filter((p) => !p.kind && fileOf(p.id) && !failed[p.id])
  const next = waiting[0]
  useEffect(() => {
    if (ready && next) send(next) // one after the other: the next one when this one is done
  }, [ready, next?.id])

  const add = (e: Event & { currentTarget: HTMLInputElement }) => {
    const picked = choose(list, e.currentTarget.files ?? [])
    e.currentTarget.value = ''
    setWrong(picked.wrong.map((x) => t(x.why, { ...limits, name: x.name })))
    put(() => picked.list)
  }
  const remove = (p: Pending) => {
    takeBack(order, p)
    setWrong([])
    put((old) => old.filter((x) => x.id !== p.id))
    document.getElementById('files')?.focus()
  }
  const state = (p: Pending) => {
    if (p.kind) return t('done')
    if (failed[p.id]) return ''
    if (!fileOf(p.id)) return t('lost')
    return ready ? t('up') : t('waits')
  }
  const problem = [...wrong, ...(error ? [error] : [])]
  return (
    <div class={problem.length ? 'field wrong' : 'field'}>
      <input id="files" class="unseen" type="file" multiple accept={accept} onChange={add} aria-describedby={problem.length ? 'files-hint files-error' : 'files-hint'} />
      <label for="files" class="button">
        {t('add')}
      </label>
      <p class="hint" id="files-hint">
        {t('hint', limits)}
      </p>
      {problem.length > 0 && (
        <p class="error" id="files-error" role="alert">
          {problem.join(' ')}
        </p>
      )}
      {list.length > 0 && (
        <ul class="files" aria-label={t('list')}>
          {list.map((p) => (
            <li key={p.id} data-kind={p.kind}>
              <Thumb order={order} p={p} />
              <span class="name">
                {p.name} <small>{weight(p.size)}</small>
                <small role="status">{state(p)}</small>
                {!p.kind && !failed[p.id] && ready && fileOf(p.id) && <progress max={1} value={parts[p.id] ?? 0} aria-label={`${t('up')} ${p.name}`} />}
                {failed[p.id] !== undefined && (
                  <span class="error" role="alert">
                    {gone(failed[p.id]) ? t('gone') : told(failed[p.id], say)}
                  </span>
                )}
              </span>
              {failed[p.id] !== undefined && fileOf(p.id) && (
                <button type="button" onClick={() => send(p)}>
                  {t('again')}
                </button>
              )}
              <button type="button" aria-label={`${t('remove')} ${p.name}`} onClick={() => remove(p)}>
                {t('remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const gone = (err: unknown) => err instanceof Refusal && err.status === 410

/** A small picture of a file: from the page while it has it, else from the server. */
function Thumb({ order, p }: { order: string; p: Pending }) {
  const file = fileOf(p.id)
  const [url, setURL] = useState('')
  useEffect(() => {
    if (!file?.type.startsWith('image/')) return
    const own = URL.createObjectURL(file)
    setURL(own)
    return () => URL.revokeObjectURL(own)
  }, [file])
  const src = url || (isPicture(p.kind) ? fileURL(order, p.id) : '')
  const [broken, setBroken] = useState('')
  return src && broken !== src ? <img class="thumb" src={src} alt="" loading="lazy" onError={() => setBroken(src)} /> : <span class="thumb" aria-hidden="true" />
}
