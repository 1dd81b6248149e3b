// Adding pictures and PDF files to a complaint that is there: each goes at once, one
// after the other, and then belongs to it. Fetched where a complaint is open. (B7.1.2.3a)

import { useState } from 'preact/hooks'
import { complaintFile, Refusal } from '../../shared/api'
import { newID } from '../../shared/ident'
import { reader, type Triple } from '../../shared/lang'
import { accept, maxBytes, putNamed } from '../../shared/upload'
import { told as words, useApp, useSay } from './app'

const rows = {
  add: ['添加图片或 PDF', '加入圖片或 PDF', 'Add pictures or PDF'],
  hint: [
    '选好后立即上传，上传后不能撤回。每个最大 {mb} MB，一件最多 20 个。照片里可能带有拍摄地点，会一起保存。',
    '選好後即時上載，上載後不能撤回。每個最大 {mb} MB，一宗最多 20 個。照片可能帶有拍攝地點，會一併保存。',
    'They are sent at once and cannot be taken back. {mb} MB each, 20 at most. A photo may hold the place where it was taken; that is kept with it.',
  ],
  up: ['正在上传', '正在上載', 'Uploading'],
  done: ['已添加', '已加入', 'Added'],
  again: ['再传一次', '再上載一次', 'Upload again'],
  remove: ['移除', '移除', 'Remove'],
  too_large: ['太大了，最大 {mb} MB。', '太大，最大 {mb} MB。', 'Too large, at most {mb} MB.'],
  empty: ['文件是空的。', '檔案是空的。', 'The file is empty.'],
} satisfies Record<string, Triple>
const speakIn = reader(rows)

interface Sent {
  id: string
  file: File
  part: number
  state: 'up' | 'done' | 'failed'
  error: string
  /** trying again may help: the line, not the file, was at fault */
  again?: boolean
}

export default function Evidence({ complaint, have, told }: { complaint: string; have: readonly string[]; told: () => void }) {
  const say = useSay()
  const t = speakIn(useApp().lang)
  const mb = maxBytes >> 20
  const [list, setList] = useState<Sent[]>([])
  const [busy, setBusy] = useState(false)
  const set = (id: string, more: Partial<Sent>) => setList((old) => old.map((x) => (x.id === id ? { ...x, ...more } : x)))
  const send = async (all: Sent[]) => {
    setBusy(true)
    let any = false
    for (const x of all) {
      const error = x.file.size > maxBytes ? t('too_large', { mb }) : x.file.size === 0 ? t('empty') : ''
      if (error) {
        set(x.id, { state: 'failed', error })
        continue
      }
      set(x.id, { state: 'up', error: '', part: 0 })
      try {
        await putNamed(complaintFile(complaint, x.id), x.file, (part) => set(x.id, { part }))
        set(x.id, { state: 'done' })
        any = true
      } catch (err) {
        set(x.id, { state: 'failed', error: words(err, say), again: !(err instanceof Refusal && [413, 415, 422].includes(err.status)) })
      }
    }
    setBusy(false)
    if (any) told()
  }
  const add = (e: Event & { currentTarget: HTMLInputElement }) => {
    const chosen = [...(e.currentTarget.files ?? [])].map((file): Sent => ({ id: newID(), file, part: 0, state: 'up', error: '' }))
    e.currentTarget.value = ''
    setList([...list, ...chosen])
    void send(chosen)
  }
  const id = 'evidence-' + complaint
  const shown = list.filter((x) => !have.includes(x.id)) // what has arrived stands above
  return (
    <div class="field">
      <input id={id} class="unseen" type="file" multiple accept={accept} disabled={busy} onChange={add} aria-describedby={id + '-hint'} />
      <label for={id} class="button">
        {t('add')}
      </label>
      <p class="hint" id={id + '-hint'}>
        {t('hint', { mb })}
      </p>
      <p class="unseen" role="status">
        {list.some((x) => x.state === 'done') ? t('done') : ''}
      </p>
      {shown.length > 0 && (
        <ul class="files">
          {shown.map((x) => (
            <li key={x.id} data-state={x.state}>
              <span class="name">
                {x.file.name} <small role="status">{x.state === 'failed' ? '' : t(x.state)}</small>
                {x.state === 'up' && <progress max={1} value={x.part} aria-label={`${t('up')} ${x.file.name}`} />}
                {x.error && (
                  <span class="error" role="alert">
                    {x.error}
                  </span>
                )}
              </span>
              {x.again && x.state === 'failed' && !busy && (
                <button type="button" onClick={() => void send([x])}>
                  {t('again')}
                </button>
              )}
              {x.state === 'failed' && (
                <button type="button" aria-label={`${t('remove')} ${x.file.name}`} onClick={() => setList(list.filter((y) => y.id !== x.id))}>
                  {t('remove')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
