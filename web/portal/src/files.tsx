// The files of an order, and the place where some are added. Adding is a program of its
// own, fetched where a form takes files: the first load stays small.

import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { fileURL } from '../../shared/api'
import type { Attachment } from '../../shared/types'
import type { Pending } from '../../shared/upload'
import { useSay } from './app'
import { Problem } from './parts'

export interface FilesProps {
  order: string
  list: Pending[]
  put: (change: (old: Pending[]) => Pending[]) => void
  /** signed in: files can be uploaded now */
  ready: boolean
  error?: string | undefined
}

/** Where files are added. */
export function AddFiles(props: FilesProps) {
  const t = useSay()
  const [Attach, setAttach] = useState<ComponentType<FilesProps>>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    setError(undefined)
    import('./attach').then((m) => setAttach(() => m.Attach), setError)
  }, [turn])
  if (Attach) return <Attach {...props} />
  return error ? <Problem error={error} retry={() => setTurn(turn + 1)} /> : <p class="loading">{t('loading')}</p>
}

/** A page, or a part of one that may come later (quiet), that is a program of its own, fetched when it is opened: the first load stays small. */
export function Later<P extends object>({ load, props, quiet }: { load: () => Promise<{ default: ComponentType<P> }>; props: P; quiet?: boolean }) {
  const t = useSay()
  const [It, setIt] = useState<ComponentType<P>>()
  const [error, setError] = useState<unknown>()
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    setError(undefined)
    load().then((m) => setIt(() => m.default), (e) => (quiet ? setTimeout(() => setTurn(turn + 1), 15_000) : setError(e)))
  }, [turn])
  if (It) return <It {...props} />
  if (quiet) return null
  return error ? <Problem error={error} retry={() => setTurn(turn + 1)} /> : <p class="loading">{t('loading')}</p>
}

/** Uploads what waits; gives what the verb names. */
export async function settled(order: string, list: Pending[], put: FilesProps['put']) {
  if (!list.length) return []
  const { settle } = await import('./attach')
  return settle(order, list, (p) => put((old) => old.map((x) => (x.id === p.id ? p : x))))
}

/** Pictures up to this size are shown at once; larger ones when one opens them: lines are slow. */
const shown = 2 << 20

export function FilesOf({ order, list, at = (file) => fileURL(order, file) }: { order: string; list: Attachment[]; at?: (file: string) => string }) {
  const t = useSay()
  if (!list?.length) return null
  return (
    <ul class="files" aria-label={t('files')}>
      {list.map((f) =>
        f.erased ? (
          <li key={f.id}>{t('erased')}</li>
        ) : (
          <li key={f.id}>
            <a href={at(f.id)} target="_blank" rel="noopener">
              {f.kind !== 'pdf' && f.size <= shown ? <img class="thumb" src={at(f.id)} alt="" loading="lazy" /> : <span class="thumb" aria-hidden="true" />}
              {f.name}
            </a>
          </li>
        ),
      )}
    </ul>
  )
}
