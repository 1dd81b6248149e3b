// Files of an order on the desk: what there is, opening it, adding some to an answer
// or a reply. Nothing is fetched until somebody opens it, for that is noted. (B5.2.1)

import { useEffect, useRef, useState } from 'react'
import { fileURL, Refusal } from '../../../shared/api'
import * as drafts from '../../../shared/draft'
import type { Attach, Attachment } from '../../../shared/types'
import { accept, atOnce, choose, fileOf, isPicture, maxBytes, settle, takeBack, upload, weight, type Pending } from '../../../shared/upload'
import { Picture } from '../above'
import { told, useSay, words } from '../app'
import { Button, Progress } from '../controls'

const useWords = words({
  files: ['附件', '附件', 'Files'],
  open: ['打开', '開啟', 'Open'],
  save: ['下载', '下載', 'Save'],
  noted: ['打开附件会有记录。', '開啟附件會有紀錄。', 'Opening a file is recorded.'],
  erased: ['已按要求删除', '已按要求刪除', 'erased on request'],
  add: ['添加图片或 PDF', '加入圖片或 PDF', 'Add pictures or PDF'],
  hint: ['最多 {n} 个，每个最大 {mb} MB。', '最多 {n} 個，每個最大 {mb} MB。', 'At most {n}, {mb} MB each.'],
  up: ['正在上传', '正在上載', 'Uploading'],
  done: ['已上传', '已上載', 'Uploaded'],
  lost: ['页面刷新过，请移除后重新选择。', '頁面已重新整理，請移除後重新選擇。', 'The page was reloaded. Remove it and choose it again.'],
  remove: ['移除', '移除', 'Remove'],
  again: ['再传一次', '再上載一次', 'Upload again'],
  too_large: ['{name}：太大了，最大 {mb} MB。', '{name}：太大，最大 {mb} MB。', '{name}: too large, at most {mb} MB.'],
  empty: ['{name}：文件是空的。', '{name}：檔案是空的。', '{name}: the file is empty.'],
  too_many: ['{name}：一次最多 {n} 个。', '{name}：一次最多 {n} 個。', '{name}: at most {n} at once.'],
})

/** The files of a question, an answer or a message. */
export function Attachments({ order, list, at = (file) => fileURL(order, file) }: { order: string; list: Attachment[]; at?: (file: string) => string }) {
  const t = useWords()
  const [seen, setSeen] = useState<Attachment>()
  if (!list?.length) return null
  return (
    <div className="attachments">
      <p className="hint">
        {t('files')} · {t('noted')}
      </p>
      <ul>
        {list.map((f) => (
          <li key={f.id}>
            {f.erased ? (
              t('erased')
            ) : (
              <>
                {f.name} <small className="hint whole">{weight(f.size)}</small>{' '}
                {isPicture(f.kind) && (
                  <Button size="small" aria-haspopup="dialog" aria-label={`${t('open')} ${f.name}`} onClick={() => setSeen(f)}>
                    {t('open')}
                  </Button>
                )}{' '}
                <a href={at(f.id)} download={f.name} aria-label={`${t('save')} ${f.name}`}>
                  {t('save')}
                </a>
              </>
            )}
          </li>
        ))}
      </ul>
      {seen && (
        <Picture src={at(seen.id)} alt={seen.name} onClose={() => setSeen(undefined)} />
      )}
    </div>
  )
}

/** Files that go with what one is writing; kept with its draft. */
export interface Adding {
  order: string
  list: Pending[]
  put: (change: (old: Pending[]) => Pending[]) => void
  /** uploads what waits; gives what the verb names */
  settled: () => Promise<Attach[]>
  drop: () => void
}

export function useFiles(order: string, draft: string): Adding {
  const key = draft + '.files'
  const [list, setList] = useState<Pending[]>(() => drafts.load(key, { list: [] as Pending[] }).list)
  useEffect(() => {
    if (list.length) drafts.save(key, { list })
    else drafts.drop(key)
  }, [list])
  const put: Adding['put'] = (change) => setList(change)
  return {
    order,
    list,
    put,
    settled: () => settle(order, list, (p) => put((old) => old.map((x) => (x.id === p.id ? p : x)))),
    drop: () => {
      setList([])
      drafts.drop(key)
    },
  }
}

export function AddFiles({ files, error }: { files: Adding; error: string | undefined }) {
  const { order, list, put } = files
  const t = useWords()
  const say = useSay()
  const limits = { n: atOnce, mb: maxBytes >> 20 }
  const input = useRef<HTMLInputElement>(null)
  const button = useRef<HTMLButtonElement>(null)
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
  const next = list.find((p) => !p.kind && fileOf(p.id) && !failed[p.id])
  useEffect(() => {
    if (next) send(next)
  }, [next?.id])
  const add = (chosen: FileList | null) => {
    const picked = choose(list, chosen ?? [])
    if (input.current) input.current.value = ''
    setWrong(picked.wrong.map((x) => t(x.why, { ...limits, name: x.name })))
    put(() => picked.list)
  }
  const remove = (p: Pending) => {
    takeBack(order, p)
    setWrong([])
    put((old) => old.filter((x) => x.id !== p.id))
    button.current?.focus()
  }
  const problem = [...wrong, ...(error ? [error] : [])]
  const failure = (p: Pending) => {
    const err = failed[p.id]
    return err === undefined ? '' : err instanceof Refusal && err.status === 410 ? t('lost') : told(err, say)
  }
  return (
    <div className={problem.length ? 'field wrong' : 'field'}>
      <Button ref={button} aria-describedby="attach-hint" onClick={() => input.current?.click()}>
        {t('add')}
      </Button>{' '}
      <small className="hint below" id="attach-hint">
        {t('hint', limits)}
      </small>
      <input ref={input} id="attach" type="file" hidden multiple accept={accept} onChange={(e) => add(e.target.files)} />
      {problem.length > 0 && (
        <p className="error" role="alert">
          {problem.join(' ')}
        </p>
      )}
      {list.length > 0 && (
        <ul className="attaching">
          {list.map((p) => (
            <li key={p.id} data-kind={p.kind}>
              {p.name} <small className="hint whole">{weight(p.size)}</small>{' '}
              <small role="status">{p.kind ? t('done') : failed[p.id] ? '' : fileOf(p.id) ? t('up') : t('lost')}</small>
              {!p.kind && !failed[p.id] && fileOf(p.id) && <Progress percent={Math.round(100 * (parts[p.id] ?? 0))} aria-label={`${t('up')} ${p.name}`} />}
              {failed[p.id] !== undefined && (
                <span className="error" role="alert">
                  {failure(p)}
                </span>
              )}
              {failed[p.id] !== undefined && fileOf(p.id) && (
                <Button size="small" onClick={() => send(p)}>
                  {t('again')}
                </Button>
              )}
              <Button type="text" size="small" aria-label={`${t('remove')} ${p.name}`} onClick={() => remove(p)}>
                {t('remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
