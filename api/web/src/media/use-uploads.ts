import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { detailOf } from '../api/errors';
import { keys } from '../api/keys';
import { discardMedia, uploadMedia } from '../api/media';
import type { Media } from '../api/media';

/** A picture or film on its way to the server. */
export interface Upload {
  id: string;
  name: string;
  /** Where the browser has a picture, to be seen meanwhile; null for films. */
  preview: string | null;
  /** Why it did not get there; null while it is on its way. */
  failure: string | null;
}

export interface Uploads {
  items: readonly Upload[];
  isRunning: boolean;
  add: (files: readonly File[]) => void;
  retry: (id: string) => void;
  /** Leaves one out, however far it is. */
  remove: (id: string) => void;
}

interface Work {
  file: File;
  preview: string | null;
  stop: AbortController;
  /** What is there already, if only what comes after it failed: it is not uploaded again. */
  media: Media | null;
}

/**
 * Uploads pictures and films, one after the other, in the order in which they were chosen. Each is handed on once it is
 * there, which may fail as well; what failed stays, to be tried again or left out. Who leaves the page leaves what is not there yet.
 */
export function useUploads(onUploaded: (media: Media) => Promise<void> | void): Uploads {
  const queries = useQueryClient();
  const [items, setItems] = useState<readonly Upload[]>([]);
  const work = useRef(new Map<string, Work>());
  const line = useRef(Promise.resolve());

  useEffect(() => {
    const all = work.current;
    return () => {
      all.forEach(end);
      all.clear();
    };
  }, []);

  function mark(id: string, failure: string | null): void {
    setItems((before) => before.map((one) => (one.id === id ? { ...one, failure } : one)));
  }

  function drop(id: string): void {
    work.current.delete(id);
    setItems((before) => before.filter((one) => one.id !== id));
  }

  async function run(id: string): Promise<void> {
    const one = work.current.get(id);
    // It was left out while it waited for its turn.
    if (one === undefined) return;
    try {
      const media = one.media ?? (await uploadMedia(one.file, one.stop.signal));
      if (one.stop.signal.aborted) {
        discardMedia(media.id);
        return;
      }
      one.media = media;
      queries.setQueryData(keys.media(media.id), media);
      await onUploaded(media);
      end(one);
      drop(id);
    } catch (error) {
      if (!one.stop.signal.aborted) mark(id, detailOf(error));
    }
  }

  function start(id: string): void {
    line.current = line.current.then(() => run(id));
  }

  return {
    items,
    isRunning: items.some(({ failure }) => failure === null),
    add: (files) => {
      for (const file of files) {
        const id = crypto.randomUUID();
        const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
        work.current.set(id, { file, preview, stop: new AbortController(), media: null });
        setItems((before) => [...before, { id, name: file.name, preview, failure: null }]);
        start(id);
      }
    },
    retry: (id) => {
      mark(id, null);
      start(id);
    },
    remove: (id) => {
      const one = work.current.get(id);
      if (one === undefined) return;
      end(one);
      if (one.media !== null) discardMedia(one.media.id);
      drop(id);
    },
  };
}

function end({ stop, preview }: Work): void {
  stop.abort();
  if (preview !== null) URL.revokeObjectURL(preview);
}
