// Adding pictures and PDF files to a complaint: what came by letter, by mail or over
// the counter. Each goes at once and then belongs to it. (B7.1.2.3a)

import { useRef, useState } from 'react'
import { complaintFile } from '../../../shared/api'
import { newID } from '../../../shared/ident'
import { accept, maxBytes, putNamed } from '../../../shared/upload'
import { client, told, useSay, words } from '../app'
import { Button } from '../controls'

const useWords = words({
  add: ['添加图片或 PDF', '加入圖片或 PDF', 'Add pictures or PDF'],
  hint: ['立即上传，不能撤回。每个最大 {mb} MB，一件最多 20 个。', '即時上載，不能撤回。每個最大 {mb} MB，一宗最多 20 個。', 'Sent at once, and not taken back. {mb} MB each, 20 at most.'],
  too_large: ['{name}：太大了，最大 {mb} MB。', '{name}：太大，最大 {mb} MB。', '{name}: too large, at most {mb} MB.'],
  empty: ['{name}：文件是空的。', '{name}：檔案是空的。', '{name}: the file is empty.'],
})

export function AddEvidence({ complaint }: { complaint: string }) {
  const t = useWords()
  const say = useSay()
  const mb = maxBytes >> 20
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<string[]>([])
  const send = async (files: File[]) => {
    setBusy(true)
    setWrong([])
    for (const f of files) {
      const name = f.name
      try {
        if (f.size > maxBytes || f.size === 0) throw new Error(t(f.size ? 'too_large' : 'empty', { name, mb }))
        await putNamed(complaintFile(complaint, newID()), f)
      } catch (err) {
        setWrong((old) => [...old, err instanceof Error && err.constructor === Error ? err.message : `${name}: ${told(err, say)}`])
      }
    }
    setBusy(false)
    await client.invalidateQueries({ queryKey: ['complaint', complaint] })
  }
  const add = (chosen: FileList | null) => {
    const files = [...(chosen ?? [])]
    if (input.current) input.current.value = ''
    if (files.length) void send(files)
  }
  return (
    <div className={wrong.length ? 'field wrong' : 'field'}>
      <Button loading={busy} aria-describedby="evidence-hint" onClick={() => input.current?.click()}>
        {t('add')}
      </Button>{' '}
      <small className="hint below" id="evidence-hint">
        {t('hint', { mb })}
      </small>
      <input ref={input} id="evidence" type="file" hidden multiple accept={accept} onChange={(e) => add(e.target.files)} />
      {wrong.length > 0 && (
        <p className="error" role="alert">
          {wrong.join(' ')}
        </p>
      )}
    </div>
  )
}
