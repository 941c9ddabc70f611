/**
 * Where fields that several forms share find what is wrong with them, by their path: at a pointer of the form around,
 * or told by the page.
 */
export type ErrorsAt = (path: string) => { pointer?: string; error?: string | null };

/** The fields are those of the body that the form around sends. */
export const inBody: ErrorsAt = (path) => ({ pointer: `/body/${path}` });

/** The same fields, further down. */
export function below(at: ErrorsAt, path: string): ErrorsAt {
  return (further) => at(`${path}/${further}`);
}
