import { useSearchParams } from 'react-router';

/**
 * What a part of a page is set to, kept in the address, so that it survives a reload and can be sent to a colleague. Nothing
 * is the empty text. For what is picked: a text field that is bound to it loses letters, as the address changes a moment later.
 */
export function useInAddress(name: string): [string, (value: string) => void] {
  const [params, setParams] = useSearchParams();
  const say = (value: string) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true, preventScrollReset: true },
    );
  return [params.get(name) ?? '', say];
}
