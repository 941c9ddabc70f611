import { useState } from 'react';
import { readJson, storage } from '../storage';

/** What is typed, kept in this browser until it is sent: a reload loses nothing of it. */
export function useKept<Value>(key: string, initial: Value): [Value, (value: Value) => void, () => void] {
  const [value, setValue] = useState(() => readKept(key, initial));

  function change(next: Value) {
    setValue(next);
    storage.write(key, JSON.stringify(next));
  }

  function forget() {
    setValue(initial);
    storage.remove(key);
  }

  return [value, change, forget];
}

/** What this client wrote under a key; if there is nothing that can be read, something else. */
export function readKept<Value>(key: string, otherwise: Value): Value {
  // Each key is written by one place only, which asks for it by its own type.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
  return (readJson(key) ?? otherwise) as Value;
}
